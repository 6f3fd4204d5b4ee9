using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Mesh.Clusters.Mirror;

/// <summary>
/// The leases that a mirror's keys are on, each with at most so many keys. Those of an earlier mirror are adopted, so that its
/// keys need not be written again. Leaving the pool revokes nothing: a restart is not a removal. Not thread-safe.
/// </summary>
internal sealed class LeasePool(IEtcdClient client, TimeSpan ttl, int most = 1000) : IDisposable
{
    private readonly Dictionary<long, Held> _held = [];
    private readonly CancellationTokenSource _lost = new();

    /// <summary>Cancelled when one of the leases is gone, and its keys with it.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Goes on with a lease that so many keys are on, if it is still there.</summary>
    public async Task<bool> AdoptAsync(long lease, int keys, CancellationToken cancel)
    {
        if (lease == 0) return false;
        try
        {
            Hold(await client.AdoptLeaseAsync(lease, cancel), keys);
            return true;
        }
        catch (EtcdException e) when (e.Error is EtcdError.LeaseNotFound)
        {
            return false;
        }
    }

    /// <summary>A lease with room for one more key, which is counted.</summary>
    public async ValueTask<long> TakeAsync(CancellationToken cancel)
    {
        var held = _held.Values.FirstOrDefault(held => held.Keys < most) ?? Hold(await client.OpenLeaseAsync(ttl, cancel), 0);
        held.Keys++;
        return held.Lease.Id;
    }

    /// <summary>A key is not on that lease any more.</summary>
    public void Release(long lease)
    {
        if (_held.TryGetValue(lease, out var held)) held.Keys--;
    }

    public void Dispose()
    {
        foreach (var held in _held.Values)
        {
            held.Watch.Dispose();
            held.Lease.Leave();
        }

        _lost.Dispose();
    }

    private Held Hold(IEtcdLease lease, int keys) => _held[lease.Id] = new(lease, lease.Lost.Register(_lost.Cancel)) { Keys = keys };

    private sealed record Held(IEtcdLease Lease, CancellationTokenRegistration Watch)
    {
        public int Keys { get; set; }
    }
}
