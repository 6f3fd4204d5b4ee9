using System.Collections.Frozen;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Mesh.Clusters;

/// <summary>What people want to know of one cluster, the own one or another.</summary>
/// <param name="Source">Directory of its manifests, or endpoint of its etcd.</param>
/// <param name="State">synced or failed where manifests are read, else the remote's phase.</param>
/// <param name="Since">Since when it is in that state.</param>
public sealed record ClusterView(string Name, bool Local, string Source, string State, DateTimeOffset Since)
{
    /// <summary>Why it is not ready.</summary>
    public string? Reason { get; init; }

    /// <summary>False: the connection to it is lost; its backends are those that were last known.</summary>
    public bool Confirmed { get; init; } = true;

    public int ClusterId { get; init; }

    public int Files { get; init; }

    public int Nodes { get; init; }

    public int Services { get; init; }

    /// <summary>Pod addresses that it tells of.</summary>
    public int Endpoints { get; init; }

    public int Identities { get; init; }

    public int Reconnections { get; init; }

    public int Failures { get; init; }

    public string? LastError { get; init; }

    /// <summary>When its manifests were read, or when it was last certain that all it wrote had arrived.</summary>
    public DateTimeOffset? CaughtUpAt { get; init; }

    /// <summary>Keys and values that were not believed.</summary>
    public long Ignored { get; init; }

    public IReadOnlyDictionary<string, int> UnknownKinds { get; init; } = FrozenDictionary<string, int>.Empty;

    /// <summary>The own cluster, by its manifests.</summary>
    public static ClusterView Of(ClusterObjects local) => FromManifests(local, isLocal: true, local.Services.Count);

    public static ClusterView Of(RemoteObjects remote) => remote.Manifests is { } manifests
        ? FromManifests(manifests, isLocal: false, manifests.Services.Count)
        : new(remote.Cluster, false, remote.Status.Source, remote.Status.Phase.Text(), remote.Status.Since)
        {
            Reason = remote.Status.Reason,
            Confirmed = remote.Status.Confirmed,
            ClusterId = remote.Status.ClusterId,
            Nodes = remote.Nodes.Count,
            Services = remote.Services.Count,
            Endpoints = remote.Ips.Count,
            Identities = remote.Identities.Count,
            Reconnections = remote.Status.Reconnections,
            Failures = remote.Status.Failures,
            LastError = remote.Status.LastError,
            CaughtUpAt = remote.Status.CaughtUpAt,
            Ignored = remote.Status.Ignored.Values.Sum(),
        };

    public ClusterStatus ToStatus() => new(
        Name, Local, Source, State, Since, Reason, Confirmed, ClusterId, Files, Nodes, Services, Endpoints, Identities, 0, 0, Reconnections, Failures, CaughtUpAt,
        LastError, Ignored, UnknownKinds);

    private static ClusterView FromManifests(ClusterObjects cluster, bool isLocal, int services)
    {
        var error = cluster.Problems.FirstOrDefault(problem => problem.Subject.StartsWith("directory", StringComparison.Ordinal))?.Reason;
        return new(cluster.Cluster, isLocal, cluster.Source, error is null ? "synced" : "failed", cluster.ReadAt)
        {
            Files = cluster.Files,
            Nodes = cluster.Nodes.Count,
            Services = services,
            Endpoints = cluster.Pods.Sum(pod => pod.Ended || pod.HostNetwork ? 0 : pod.Ips.Count),
            LastError = error,
            CaughtUpAt = cluster.ReadAt,
            UnknownKinds = cluster.UnknownKinds,
        };
    }
}
