using System.Text;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Leadership;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Publish.Identities;

/// <summary>
/// A lock per set of labels: who gives them a number, or takes it away, does so alone. On a short lease, so that a holder that died
/// holds nobody up for long.
/// </summary>
internal sealed class IdentityLocks(IEtcdClient client, IEtcdLease lease, string holder)
{
    public static readonly TimeSpan Ttl = TimeSpan.FromSeconds(10);

    /// <summary>Where Cilium keeps them.</summary>
    private const string Locks = StateKeys.Identities + "/locks/";

    /// <summary>Waits for the lock. The condition holds while it is ours.</summary>
    public async Task<EtcdCondition> AcquireAsync(string labels, CancellationToken cancel)
    {
        var key = Locks + labels;
        while (true)
        {
            var result = await client.TxnAsync(EtcdTxn.Create(key, Encoding.UTF8.GetBytes(holder), lease.Id), cancel);
            if (result.Held) return new(key, result.Revision);
            await KeyDeletion.WaitAsync(client, key, result.Revision, orChanged: false, cancel);
        }
    }

    public async Task ReleaseAsync(EtcdCondition held, CancellationToken cancel) =>
        await client.TxnAsync(new([held], [EtcdOp.Delete(held.Key)], []), cancel);
}
