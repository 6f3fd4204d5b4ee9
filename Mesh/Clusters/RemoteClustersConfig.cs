using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Mesh.Clusters;

/// <summary>How this node learns of other clusters.</summary>
/// <param name="Cluster">Our own name.</param>
/// <param name="ClusterId">Our own id, 1..255.</param>
/// <param name="Directory">One client file per remote, named after it (cilium.md 1.3).</param>
public sealed record RemoteClustersConfig(string Cluster, int ClusterId, string Directory)
{
    /// <summary>For the metrics' labels.</summary>
    public string Node { get; init; } = "";

    /// <summary>Our own etcd, where the mirror of the remotes is written and read; null = every remote is read from its own.</summary>
    public EtcdConfig? Cache { get; init; }

    /// <summary>How long service data of a remote that is not reached stays; zero = for ever.</summary>
    public TimeSpan RemoteTtl { get; init; }

    /// <summary>Silence after which a remote is degraded: two periods of Cilium's heartbeat.</summary>
    public TimeSpan HeartbeatTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a missing cluster-config is waited for before that is an error; then it is tried again.</summary>
    public TimeSpan ConfigPatience { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How often ages are looked at.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a connected remote is asked how far it is.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Lease of what the mirror writes.</summary>
    public TimeSpan MirrorTtl { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a removed remote's mirror outlives its cluster-config there.</summary>
    public TimeSpan MirrorGrace { get; init; } = TimeSpan.FromMinutes(3);
}
