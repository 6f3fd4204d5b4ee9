using System.Collections.Immutable;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Publish.Sync;

namespace ClusterMesh.Mesh.Publish.Identities;

/// <summary>
/// Keeps a number for each set of labels that pods of this node have, and a reference to each that says so (cilium.md 3.1). What it
/// has given stays given while it is wanted, through restarts of this process and losses of etcd's state.
/// </summary>
internal sealed class IdentityAllocator(int clusterId, string nodeIp, TimeSpan leaseTtl, WriteRate rate, IChance chance, PublishMeter meter) : IDisposable
{
    private readonly Signal _changed = new();
    private readonly Lock _lock = new();
    private volatile IReadOnlySet<string>? _wanted;
    private volatile ImmutableDictionary<string, uint> _numbers = ImmutableDictionary.Create<string, uint>(StringComparer.Ordinal);
    private volatile bool _synced;
    private volatile IdentityCache? _cache;
    private volatile LeasePool? _leases;
    private volatile int _known, _missing, _losses;

    /// <summary>Numbers by labels, of all wanted ones that have one.</summary>
    public ImmutableDictionary<string, uint> Numbers => _numbers;

    /// <summary>Every wanted set of labels has its number and its reference in etcd.</summary>
    public bool Synced => _synced;

    /// <summary>How often references went with their lease.</summary>
    public int Losses => _losses;

    /// <summary>Identities of the whole cluster.</summary>
    public int Known => _known;

    /// <summary>All of the cluster, by the last look at etcd; null until there was one.</summary>
    public ImmutableDictionary<uint, string>? All => _cache?.All;

    /// <summary>Wanted sets of labels for which no number was free.</summary>
    public int WithoutNumber => _missing;

    /// <summary>After <see cref="Numbers"/> or <see cref="Synced"/> changed.</summary>
    public event Action? Changed;

    /// <summary>After <see cref="All"/> changed.</summary>
    public event Action? AllChanged;

    public WriteRate Rate => rate;

    public PublishMeter Meter => meter;

    public IChance Chance => chance;

    public int ClusterId => clusterId;

    public string NodeIp => nodeIp;

    /// <summary>All sets of labels that need a number here. Never blocks.</summary>
    public void Want(IReadOnlySet<string> labels)
    {
        lock (_lock)
        {
            if (_wanted is { } before && before.SetEquals(labels)) return;
            (_wanted, _synced) = (labels, false);
        }

        _changed.Set();
    }

    /// <summary>Its references may be gone: it looks, and is not synced until it has.</summary>
    public void Doubt()
    {
        lock (_lock) _synced = false;
        _leases?.Doubt();
    }

    /// <summary>One life: until stopped, or an <see cref="EtcdException"/> ends it.</summary>
    public async Task RunAsync(IEtcdClient client, Action works, CancellationToken stop)
    {
        using var leases = _leases = new LeasePool(client, leaseTtl);
        await using var locks = await client.OpenLeaseAsync(IdentityLocks.Ttl, stop);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, leases.Lost, locks.Lost);
        try
        {
            var cache = new IdentityCache(clusterId);
            await cache.ListAsync(client, either.Token);
            // Not before: what was known stays in force until all of the new list is here.
            _cache = cache;
            AllChanged?.Invoke();
            var life = new AllocatorLife(this, client, leases, locks, cache);
            await life.ListAsync(either.Token);
            await Together.RunAsync(either.Token, cancel => cache.WatchAsync(client, Seen, cancel), cancel => KeepAsync(life, cache, works, cancel));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw Lost();
        }
        catch (EtcdException e) when (e.Error == EtcdError.LeaseNotFound)
        {
            throw Lost();
        }
        finally
        {
            Settle(null, _numbers);
        }
    }

    public void Dispose() => _changed.Dispose();

    private void Seen()
    {
        _changed.Set();
        AllChanged?.Invoke();
    }

    private async Task KeepAsync(AllocatorLife life, IdentityCache cache, Action works, CancellationToken cancel)
    {
        while (true)
        {
            if (_wanted is { } wanted)
            {
                _missing = await life.AllocateAsync(wanted, _numbers, Add, cancel);
                await life.ReleaseAsync(wanted, cancel);
                Settle(wanted, life.Numbers(wanted));
                works();
            }

            _known = cache.Count;
            await _changed.WaitAsync(cancel);
        }
    }

    /// <summary>Until all are confirmed, those that we had before count: an address must not lose its identity over a restart of etcd.</summary>
    private void Add(ImmutableDictionary<string, uint> some)
    {
        var numbers = _numbers.SetItems(some);
        if (ReferenceEquals(numbers, _numbers)) return;
        _numbers = numbers;
        Changed?.Invoke();
    }

    /// <param name="settled">For which these are the numbers; null = for none any more.</param>
    private void Settle(IReadOnlySet<string>? settled, ImmutableDictionary<string, uint> numbers)
    {
        var same = numbers.Count == _numbers.Count && numbers.All(pair => _numbers.TryGetValue(pair.Key, out var id) && id == pair.Value);
        lock (_lock)
        {
            var synced = settled is not null && ReferenceEquals(settled, _wanted);
            if (same && synced == _synced) return;
            if (!same) _numbers = numbers;
            _synced = synced;
        }

        Changed?.Invoke();
    }

    private EtcdException Lost()
    {
        Interlocked.Increment(ref _losses);
        return new(EtcdError.LeaseNotFound, "a lease of our identities is gone, and our references with it: they are written again");
    }
}
