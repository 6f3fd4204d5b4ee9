using System.Collections.Immutable;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Clusters.State;

/// <summary>Where in an etcd one cluster's state stands (cilium.md 2): in its own, or in the mirror of it in ours.</summary>
/// <param name="Heartbeat">Key whose changes say that the cluster's control plane lives.</param>
internal sealed record RemotePrefixes(string Cluster, string Heartbeat, ImmutableArray<RemotePrefix> Parts)
{
    /// <summary>In the cluster's own etcd.</summary>
    public static RemotePrefixes Direct(string cluster) => new(cluster, StateKeys.Heartbeat,
    [
        new($"{StateKeys.Nodes}/{cluster}/", StateKeys.Synced(cluster, StateKeys.Nodes)),
        new($"{StateKeys.Services}/{cluster}/", StateKeys.Synced(cluster, StateKeys.Services)),
        new($"{StateKeys.IdentityIds}/", StateKeys.Synced(cluster, StateKeys.Identities)),
        new($"{StateKeys.IpsDefault}/", StateKeys.Synced(cluster, StateKeys.Ips)),
    ]);

    /// <summary>In the mirror. The heartbeat is handed on there as well, so that its readers know when the cluster falls silent.</summary>
    public static RemotePrefixes Cached(string cluster) => new(cluster, StateKeys.CachedHeartbeat(cluster),
    [
        new($"{StateKeys.Cache(StateKeys.Nodes, cluster)}/", StateKeys.Synced(cluster, StateKeys.CachePrefix(StateKeys.Nodes))),
        new($"{StateKeys.Cache(StateKeys.Services, cluster)}/", StateKeys.Synced(cluster, StateKeys.CachePrefix(StateKeys.Services))),
        new($"{StateKeys.Cache(StateKeys.Identities, cluster)}/id/", StateKeys.Synced(cluster, StateKeys.CachePrefix(StateKeys.Identities))),
        new($"{StateKeys.Cache(StateKeys.Ips, cluster)}/", StateKeys.Synced(cluster, StateKeys.CachePrefix(StateKeys.Ips))),
    ]);

    public RemotePrefix this[RemotePart part] => Parts[(int)part];
}

/// <param name="Keys">With the slash at its end: what follows is the object's name.</param>
/// <param name="Canary">Written after everything under the prefix.</param>
internal sealed record RemotePrefix(string Keys, string Canary);
