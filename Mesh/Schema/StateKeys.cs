namespace ClusterMesh.Mesh.Schema;

/// <summary>The keys of Cilium's kvstore (cilium.md 2): what a cluster writes to its own etcd, and where others mirror it.</summary>
public static class StateKeys
{
    public const string Heartbeat = "cilium/.heartbeat";

    public const string ClusterConfigs = "cilium/cluster-config/";

    /// <summary>Elections of cluster-wide duties.</summary>
    public const string Locks = "cilium/.clustermesh-lock/";

    public const string Nodes = "cilium/state/nodes/v1", Services = "cilium/state/services/v1", Identities = "cilium/state/identities/v1",
        IdentityIds = Identities + "/id", IdentityValues = Identities + "/value", Ips = "cilium/state/ip/v1", IpsDefault = Ips + "/default";

    public static string ClusterConfig(string cluster) => ClusterConfigs + cluster;

    /// <summary>The canary of a prefix such as <see cref="Services"/>: written after everything under it.</summary>
    public static string Synced(string cluster, string prefix) => $"cilium/synced/{cluster}/{prefix}";

    public static string SyncedOf(string cluster) => $"cilium/synced/{cluster}/";

    public static string Node(string cluster, string node) => $"{Nodes}/{cluster}/{node}";

    public static string Service(string cluster, string ns, string name) => $"{Services}/{cluster}/{ns}/{name}";

    public static string Identity(uint id) => $"{IdentityIds}/{id}";

    /// <param name="labels">"k8s:a=b;k8s:c=d;".</param>
    public static string IdentityValue(string labels, string nodeIp) => $"{IdentityValues}/{labels}/{nodeIp}";

    /// <param name="ip">An address, or address/length.</param>
    public static string Ip(string ip) => $"{IpsDefault}/{ip}";

    /// <summary>The mirror of a prefix of <paramref name="cluster"/>'s state in our own etcd: cilium/cache/nodes/v1/east.</summary>
    public static string Cache(string prefix, string cluster) => $"{CachePrefix(prefix)}/{cluster}";

    /// <summary>cilium/cache/nodes/v1 for cilium/state/nodes/v1: also what the mirror's canaries are named after.</summary>
    public static string CachePrefix(string prefix) => "cilium/cache/" + prefix["cilium/state/".Length..];

    /// <summary>The mirror's copy of a remote's heartbeat; ours, as Cilium's mirror keeps it to itself.</summary>
    public static string CachedHeartbeat(string cluster) => "cilium/cache/heartbeat/v1/" + cluster;
}
