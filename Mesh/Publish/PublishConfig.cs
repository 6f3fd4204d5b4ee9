using System.Collections.Immutable;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Publish;

/// <summary>Who publishes, and how. The defaults are Cilium's (cilium.md 1.2 and 2).</summary>
/// <param name="ClusterId">1..255.</param>
/// <param name="Node">The name of this node.</param>
/// <param name="NodeIps">Its internal addresses, at least one; the first is what its pods' addresses are hosted by.</param>
public sealed record PublishConfig(string Cluster, int ClusterId, string Node, ImmutableArray<string> NodeIps)
{
    /// <summary>What pods of this node get addresses from; empty = what the v1 Node object says.</summary>
    public ImmutableArray<string> PodCidrs { get; init; } = [];

    /// <summary>Where this node's gateway is asked from inside of the mesh; empty = nowhere.</summary>
    public string IngressIp { get; init; } = "";

    /// <summary>Which pods of the source run here; null = those whose spec.nodeName is <see cref="Node"/>.</summary>
    public Func<PodObject, bool>? PodsHere { get; init; }

    /// <summary>Whether a namespace without the annotation takes part (clustermesh-default-global-namespace).</summary>
    public bool DefaultGlobalNamespace { get; init; } = true;

    /// <summary>Whether pods of namespaces that take no part get identities, too: policies of the own cluster need them.</summary>
    public bool IdentifiesAllPods { get; init; }

    public IdentityLabelFilter Labels { get; init; } = IdentityLabelFilter.Default;

    public string BootId { get; init; } = "";

    /// <summary>How long what is published outlives its publisher (kvstore-lease-ttl).</summary>
    public TimeSpan LeaseTtl { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long the cluster-wide duties rest when the agent that has them is lost.</summary>
    public TimeSpan ElectionTtl { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Transactions a second, of up to 127 keys each, so that the default moves 2,540 keys a second: a transaction is what etcd syncs
    /// to disk, however many keys it has.
    /// </summary>
    public double WritesPerSecond { get; init; } = 20;

    /// <summary>The same until all of this agent's state has been written once.</summary>
    public double BootstrapWritesPerSecond { get; init; } = 10_000;

    public TimeSpan HeartbeatPeriod { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan ConfigPeriod { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Between two looks for identities that nobody uses; one unused at two looks in a row is deleted (identity-gc-interval).</summary>
    public TimeSpan IdentityGcPeriod { get; init; } = TimeSpan.FromMinutes(15);

    internal bool Hosts(PodObject pod) => PodsHere?.Invoke(pod) ?? pod.NodeName == Node;
}
