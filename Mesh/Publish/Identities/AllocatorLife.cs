using System.Collections.Concurrent;
using System.Collections.Immutable;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Publish.Sync;

namespace ClusterMesh.Mesh.Publish.Identities;

/// <summary>An <see cref="IdentityAllocator"/> over one connection: the references of this node that stand, and the numbers behind them.</summary>
internal sealed class AllocatorLife(IdentityAllocator allocator, IEtcdClient client, LeasePool leases, IEtcdLease lockLease, IdentityCache cache)
{
    private const int AtOnce = 16, Chunk = 64, MaxOps = 127;

    private readonly IdentityAllocation _allocation = new(
        client, new IdentityLocks(client, lockLease, allocator.NodeIp), cache, allocator.ClusterId, allocator.NodeIp, allocator.Chance);

    private readonly Dictionary<string, IdentityUse> _uses = new(StringComparer.Ordinal);

    /// <summary>Finds the references of an earlier life of this node and goes on with their leases.</summary>
    public async Task ListAsync(CancellationToken cancel)
    {
        await foreach (var page in client.ListAsync(IdentityUses.Prefix, cancel))
        {
            foreach (var item in page.Items)
            {
                if (IdentityUses.Parse(item.Key) is var (labels, nodeIp) && nodeIp == allocator.NodeIp)
                    // The numbers were listed before: one that is not among them is none, or of a cluster id that we had once.
                    _uses[labels] = new(IdentityUses.NumberOf(item.Value.Span) ?? NumericIdentity.Unknown, item.Key, item.Lease, Since: 0);
            }
        }

        var adopted = await leases.AdoptAsync(_uses.Values.GroupBy(use => use.Lease).Select(uses => (uses.Key, uses.Count())), cancel);
        foreach (var (labels, use) in _uses.Where(pair => !adopted.Contains(pair.Value.Lease)).ToList()) _uses[labels] = use with { Lease = 0 };
    }

    /// <summary>Gives numbers to all that are wanted and have none that etcd confirms; gives how many got none.</summary>
    /// <param name="before">The numbers that they had.</param>
    /// <param name="some">Is told of the numbers so far, as many of them take a while.</param>
    public async Task<int> AllocateAsync(
        IReadOnlySet<string> wanted, ImmutableDictionary<string, uint> before, Action<ImmutableDictionary<string, uint>> some, CancellationToken cancel)
    {
        var missing = wanted.Where(labels => !IsSettled(labels)).ToList();
        var taken = before.Values.ToHashSet();
        var without = 0;
        foreach (var chunk in missing.Chunk(Chunk))
        {
            without += await AllocateAsync(chunk, before, free => cache.IsFree(free) && !taken.Contains(free), cancel);
            some(Numbers(wanted));
        }

        return without;
    }

    private async Task<int> AllocateAsync(string[] chunk, ImmutableDictionary<string, uint> before, Func<uint, bool> isFree, CancellationToken cancel)
    {
        var lease = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var labels in chunk) lease[labels] = _uses.GetValueOrDefault(labels) is { Lease: > 0 } use ? use.Lease : await leases.TakeAsync(cancel);
        var found = new ConcurrentDictionary<string, IdentityUse?>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(chunk, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (labels, stop) =>
        {
            await allocator.Rate.WaitAsync(stop);
            var start = allocator.Meter.Now();
            uint? remembered = before.TryGetValue(labels, out var id) ? id : null;
            found[labels] = await _allocation.AllocateAsync(labels, remembered, lease[labels], isFree, stop);
            allocator.Meter.Done("allocate", "identities", start);
        });
        foreach (var (labels, use) in found)
        {
            if (use is not null) _uses[labels] = use;
            else if (!_uses.ContainsKey(labels)) leases.Release(lease[labels]);
        }

        return found.Values.Count(use => use is null);
    }

    /// <summary>Deletes the references to what is not wanted any more. The numbers stay until nobody has used them for a while.</summary>
    public async Task ReleaseAsync(IReadOnlySet<string> wanted, CancellationToken cancel)
    {
        foreach (var chunk in _uses.Where(pair => !wanted.Contains(pair.Key)).Chunk(MaxOps))
        {
            await allocator.Rate.WaitAsync(cancel);
            await client.TxnAsync(new([], [.. chunk.Select(pair => EtcdOp.Delete(pair.Value.Key))], []), cancel);
            foreach (var (labels, use) in chunk)
            {
                _uses.Remove(labels);
                leases.Release(use.Lease);
            }
        }
    }

    public ImmutableDictionary<string, uint> Numbers(IReadOnlySet<string> wanted) =>
        _uses.Where(pair => wanted.Contains(pair.Key) && IsSettled(pair.Key)).ToImmutableDictionary(pair => pair.Key, pair => pair.Value.Id, StringComparer.Ordinal);

    private bool IsSettled(string labels) => _uses.TryGetValue(labels, out var use) && use.Lease != 0 && cache.Confirms(use.Id, labels, use.Since);
}
