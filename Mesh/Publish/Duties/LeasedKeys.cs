using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Publish.Sync;

namespace ClusterMesh.Mesh.Publish.Duties;

/// <summary>
/// The few keys that a leader writes one by one, on a lease of its own, each write under its fence. The next leader writes them again
/// on its lease before this one runs out.
/// </summary>
internal sealed class LeasedKeys : IDisposable
{
    private readonly IEtcdClient _client;
    private readonly IEtcdLease _lease;
    private readonly EtcdCondition _fence;
    private readonly CancellationTokenSource _stopping;

    private LeasedKeys(IEtcdClient client, IEtcdLease lease, EtcdCondition fence, CancellationToken stop)
    {
        (_client, _lease, _fence) = (client, lease, fence);
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(stop, lease.Lost);
    }

    /// <summary>Cancelled at the stop, or when the lease is lost.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Runs until stopped, or until the lease is lost, and the keys with it, which is <see cref="EtcdError.LeaseNotFound"/>.</summary>
    public static async Task UseAsync(IEtcdClient client, TimeSpan ttl, EtcdCondition fence, Func<LeasedKeys, Task> use, CancellationToken stop)
    {
        using var keys = new LeasedKeys(client, await client.OpenLeaseAsync(ttl, stop), fence, stop);
        try
        {
            await use(keys);
        }
        catch (OperationCanceledException) when (keys._lease.Lost.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw new EtcdException(EtcdError.LeaseNotFound, "the lease of what the leader writes is gone, and its keys with it: they are written again");
        }
    }

    public Task<long> PutAsync(string key, ReadOnlyMemory<byte> value) => WriteAsync(EtcdOp.Put(key, value, _lease.Id));

    public Task<long> DeleteAsync(string key) => WriteAsync(EtcdOp.Delete(key));

    public void Dispose()
    {
        _stopping.Dispose();
        _lease.Leave();
    }

    private async Task<long> WriteAsync(EtcdOp op)
    {
        var result = await _client.TxnAsync(new([_fence], [op], []), Stopping);
        return result.Held ? result.Revision : throw new ConflictException("another agent leads by now");
    }
}
