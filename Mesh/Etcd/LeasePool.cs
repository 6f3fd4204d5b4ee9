namespace ClusterMesh.Mesh.Etcd;

/// <summary>
/// The leases that one publisher's keys are on, each with at most so many keys. Those of an earlier life are adopted, so that its
/// keys need not be written again. Leaving the pool revokes nothing: a restart is not a removal. Not thread-safe.
/// </summary>
internal sealed class LeasePool(IEtcdClient client, TimeSpan ttl, int most = 1000) : IDisposable
{
    private readonly List<Held> _held = [];
    private readonly CancellationTokenSource _lost = new();

    /// <summary>Cancelled when one of the leases is gone, and its keys with it, or is doubted.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Goes on with leases that keys are on; gives those that are still there.</summary>
    public async Task<IReadOnlySet<long>> AdoptAsync(IEnumerable<(long Lease, int Keys)> leases, CancellationToken cancel)
    {
        var adopted = new HashSet<long>();
        foreach (var (id, keys) in leases.Where(lease => lease.Lease != 0))
        {
            try
            {
                Hold(await client.AdoptLeaseAsync(id, cancel), keys);
                adopted.Add(id);
            }
            catch (EtcdException e) when (e.Error == EtcdError.LeaseNotFound)
            {
                // It has run out since: its keys are written again, on a lease of ours.
            }
        }

        return adopted;
    }

    /// <summary>A lease with room for one more key, which is counted.</summary>
    public async ValueTask<long> TakeAsync(CancellationToken cancel)
    {
        var held = _held.Find(held => held.Keys < most) ?? Hold(await client.OpenLeaseAsync(ttl, cancel), 0);
        held.Keys++;
        return held.Lease.Id;
    }

    /// <summary>A key is not on that lease any more.</summary>
    public void Release(long lease)
    {
        if (_held.Find(held => held.Lease.Id == lease) is { } held) held.Keys--;
    }

    /// <summary>Others' leases are gone, so these may be: who uses them lists again, and adopts those that are still there. Any thread.</summary>
    public void Doubt()
    {
        try
        {
            _lost.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Nobody uses them any more.
        }
    }

    public void Dispose()
    {
        foreach (var held in _held)
        {
            held.Watch.Dispose();
            held.Lease.Leave();
        }

        _lost.Dispose();
    }

    private Held Hold(IEtcdLease lease, int keys)
    {
        var held = new Held(lease, lease.Lost.Register(_lost.Cancel)) { Keys = keys };
        _held.Add(held);
        return held;
    }

    private sealed record Held(IEtcdLease Lease, CancellationTokenRegistration Watch)
    {
        public int Keys { get; set; }
    }
}
