using ClusterMesh.Mesh.Clusters.Mirror;
using ClusterMesh.Mesh.Clusters.State;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Clusters.Connection;

/// <summary>What the loops of one connection share.</summary>
internal sealed record SessionContext(
    IEtcdClient Client, RemoteState State, RemotePrefixes Prefixes, ClusterConfigRecord Accepted, IRemoteTap? Tap, bool IsCache, RemoteContext Remote)
{
    public int ClusterId => (int)Accepted.Id;

    /// <summary>
    /// Makes sure that the key is there without which no list and no deletion is believed: the part's canary, or the
    /// cluster-config of a cluster that writes none.
    /// </summary>
    /// <exception cref="RemoteLostException">It is not there: the etcd is being emptied or filled.</exception>
    public async Task<EtcdKeyValue> RequireGuardAsync(RemotePart part, CancellationToken cancel)
    {
        var key = Accepted.Capabilities.SyncedCanaries ? Prefixes[part].Canary : StateKeys.ClusterConfig(Prefixes.Cluster);
        var (guard, _) = await Client.GetAsync(key, cancel);
        return guard ?? throw new RemoteLostException($"{key} is gone, as when its etcd is emptied: what was known of it stays until that key is back");
    }
}
