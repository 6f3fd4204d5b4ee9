using System.Collections.Immutable;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Mesh.Publish.Sync;

/// <summary>
/// Keeps the keys of one kind in etcd as they are wanted (Cilium's SyncStore): lists first, writes only what differs, deletes only
/// what is ours. Every failure ends the life; the next one lists again and so finds whatever the failure left behind.
/// </summary>
/// <param name="scope">For people and metrics: "services".</param>
/// <param name="prefix">What is listed.</param>
/// <param name="isOurs">Which keys under it this store may delete.</param>
internal sealed class SyncStore(string scope, string prefix, Func<EtcdKeyValue, bool> isOurs, TimeSpan leaseTtl, WriteRate rate, PublishMeter meter) : IDisposable
{
    private readonly Signal _changed = new();
    private volatile IReadOnlyDictionary<string, ReadOnlyMemory<byte>?>? _wanted;
    private readonly Lock _lock = new();
    private volatile LeasePool? _leases;
    private volatile bool _synced;
    private int _losses;
    private ImmutableHashSet<string> _refused = [];

    public string Scope => scope;

    public string Prefix => prefix;

    public WriteRate Rate => rate;

    public PublishMeter Meter => meter;

    public TimeSpan LeaseTtl => leaseTtl;

    /// <summary>Everything wanted has been written, and nothing has been lost since.</summary>
    public bool Synced => _synced;

    /// <summary>How often keys went with their lease.</summary>
    public int Losses => Volatile.Read(ref _losses);

    /// <summary>Keys whose values etcd finds too large.</summary>
    public ImmutableHashSet<string> Refused => Volatile.Read(ref _refused);

    public int Count => _wanted?.Count ?? 0;

    public void Refuse(string key) => ImmutableInterlocked.Update(ref _refused, refused => refused.Add(key));

    public void Accept(string key) => ImmutableInterlocked.Update(ref _refused, refused => refused.Remove(key));

    /// <summary>After <see cref="Synced"/> changed.</summary>
    public event Action? SyncedChanged;

    /// <summary>All that should stand; null values leave what stands. Never blocks.</summary>
    public void Want(IReadOnlyDictionary<string, ReadOnlyMemory<byte>?> keys)
    {
        lock (_lock) (_wanted, _synced) = (keys, false);
        ImmutableInterlocked.Update(ref _refused, static (refused, wanted) => refused.IsEmpty ? refused : refused.Intersect(wanted.Keys), keys);
        _changed.Set();
    }

    /// <summary>Its keys may be gone: it looks, and is not synced until it has.</summary>
    public void Doubt()
    {
        lock (_lock) _synced = false;
        _leases?.Doubt();
    }

    /// <summary>One life: until stopped, or an <see cref="EtcdException"/> or <see cref="ConflictException"/> ends it.</summary>
    /// <param name="fence">A condition of every write, for what only a leader may write.</param>
    public async Task RunAsync(IEtcdClient client, EtcdCondition? fence, Action works, CancellationToken stop)
    {
        using var leases = _leases = new LeasePool(client, leaseTtl);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, leases.Lost);
        try
        {
            var life = new StoreLife(this, client, leases, fence);
            await life.ListAsync(isOurs, either.Token);
            while (true)
            {
                if (_wanted is { } wanted)
                {
                    await life.WriteAsync(() => _wanted!, either.Token);
                    works();
                    SetSynced(wanted);
                }

                await _changed.WaitAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (leases.Lost.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw Lost();
        }
        catch (EtcdException e) when (e.Error == EtcdError.LeaseNotFound)
        {
            throw Lost();
        }
        finally
        {
            SetSynced(null);
        }
    }

    public void Dispose() => _changed.Dispose();

    private EtcdException Lost()
    {
        Interlocked.Increment(ref _losses);
        return new(EtcdError.LeaseNotFound, $"a lease of our {scope} is gone, and its keys with it: they are written again");
    }

    /// <param name="written">What has been written; if that is not wanted any more, there is more to come.</param>
    private void SetSynced(IReadOnlyDictionary<string, ReadOnlyMemory<byte>?>? written)
    {
        lock (_lock)
        {
            var synced = written is not null && ReferenceEquals(written, _wanted);
            if (_synced == synced) return;
            _synced = synced;
        }

        SyncedChanged?.Invoke();
    }
}
