using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Schema;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Clusters;

/// <summary>
/// All that one other cluster tells at one moment: validated, immutable, and the same references as before for what did not
/// change. Readers of remotes hand such values, and nothing else, to the one writer.
/// </summary>
public sealed record RemoteObjects(string Cluster, RemoteStatus Status)
{
    /// <summary>Services that the cluster shares, with their backends there.</summary>
    public ImmutableDictionary<ObjectKey, RemoteService> Services { get; init; } = ImmutableDictionary<ObjectKey, RemoteService>.Empty;

    public ImmutableDictionary<string, NodeRecord> Nodes { get; init; } = ImmutableDictionary.Create<string, NodeRecord>(StringComparer.Ordinal);

    /// <summary>Labels by number, "k8s:a=b;k8s:c=d;".</summary>
    public ImmutableDictionary<uint, string> Identities { get; init; } = ImmutableDictionary<uint, string>.Empty;

    /// <summary>By address or address/length.</summary>
    public ImmutableDictionary<string, IpRecord> Ips { get; init; } = ImmutableDictionary.Create<string, IpRecord>(StringComparer.Ordinal);

    /// <summary>Which services changed, for readers that saw every publication; null = not known.</summary>
    public ServicesDelta? ServicesDelta { get; init; }

    /// <summary>The manifests it was read from, where no etcd is in between; else null.</summary>
    public ClusterObjects? Manifests { get; init; }

    /// <summary>Timestamp (TimeProvider) at which the oldest change in here that the writer has not seen yet arrived; 0 = none.</summary>
    public long OldestChange { get; init; }
}

/// <summary>All services whose values are not those of an earlier publication.</summary>
/// <param name="Before">The services of that one.</param>
public sealed record ServicesDelta(ImmutableDictionary<ObjectKey, RemoteService> Before, IReadOnlyCollection<ObjectKey> Keys);

/// <summary>The backends of one cluster for one service, by port.</summary>
public sealed record RemoteService(ObjectKey Key, ImmutableArray<RemotePort> Ports)
{
    /// <summary>How many different addresses with ports.</summary>
    public int BackendCount { get; } = Ports.Sum(port => port.Backends.Length);
}

/// <param name="Name">Empty for an unnamed port.</param>
/// <param name="Backends">Sorted by authority, each once.</param>
public sealed record RemotePort(string Name, string Protocol, ImmutableArray<Backend> Backends);
