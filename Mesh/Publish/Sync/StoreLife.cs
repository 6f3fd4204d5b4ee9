using System.Collections.Immutable;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Mesh.Publish.Sync;

using Wanted = IReadOnlyDictionary<string, ReadOnlyMemory<byte>?>;

/// <summary>A <see cref="SyncStore"/> over one connection, from a list on: what stands, what is to be written, and how.</summary>
internal sealed class StoreLife(SyncStore store, IEtcdClient client, LeasePool leases, EtcdCondition? fence)
{
    /// <summary>etcd takes 128 operations and conditions in a transaction (--max-txn-ops); one condition is the fence.</summary>
    private const int MaxOps = 127, MaxBytes = 1024 * 1024;

    private readonly Dictionary<string, Standing> _standing = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _refused = new(StringComparer.Ordinal);
    private readonly PendingWrites _pending = new();
    private Wanted? _compared;
    private int _alone;

    public async Task ListAsync(Func<EtcdKeyValue, bool> isOurs, CancellationToken cancel)
    {
        var start = store.Meter.Now();
        await foreach (var page in client.ListAsync(store.Prefix, cancel))
        {
            foreach (var item in page.Items.Where(isOurs)) _standing[item.Key] = new(item.Value, item.Lease, item.ModRevision);
        }

        store.Meter.Done("list", store.Scope, start);
        var adopted = await leases.AdoptAsync(_standing.Values.GroupBy(stands => stands.Lease).Select(keys => (keys.Key, keys.Count())), cancel);
        foreach (var (key, stands) in _standing.Where(pair => !adopted.Contains(pair.Value.Lease)).ToList()) _standing[key] = stands with { Lease = 0 };
    }

    /// <summary>Writes until what stands is what is wanted, which may change meanwhile.</summary>
    public async Task WriteAsync(Func<Wanted> latest, CancellationToken cancel)
    {
        while (true)
        {
            Compare(latest());
            if (_pending.Count == 0) return;
            await store.Rate.WaitAsync(cancel);
            var wanted = latest();
            Compare(wanted);
            var writes = _pending.Take(wanted, _standing, _alone > 0 ? 1 : MaxOps, MaxBytes).FindAll(write => !IsRefused(write));
            if (writes.Count > 0) await SendAsync(writes, cancel);
            store.Meter.Queued(store.Scope, _pending.Count);
        }
    }

    private void Compare(Wanted wanted)
    {
        if (ReferenceEquals(wanted, _compared)) return;
        _pending.Compare(wanted, _standing);
        _compared = wanted;
    }

    private bool IsRefused(Write write) => write.Value is { } value && _refused.TryGetValue(write.Key, out var refused) && refused.Equals(value);

    private async Task SendAsync(List<Write> writes, CancellationToken cancel)
    {
        // A delete is only of what we know: the key may be another node's by now.
        var conditions = ImmutableArray.CreateBuilder<EtcdCondition>();
        var ops = ImmutableArray.CreateBuilder<EtcdOp>(writes.Count);
        if (fence is { } leads) conditions.Add(leads);
        foreach (var (key, value) in writes)
        {
            if (value is { } bytes)
            {
                ops.Add(EtcdOp.Put(key, bytes, await LeaseOfAsync(key, cancel)));
                continue;
            }

            ops.Add(EtcdOp.Delete(key));
            conditions.Add(new(key, _standing[key].ModRevision));
        }

        var txn = new EtcdTxn(conditions.ToImmutable(), ops.MoveToImmutable(), []);
        if (await TryAsync(txn, writes, cancel) is not { } result) return;
        if (!result.Held) throw new ConflictException($"somebody else wrote our {store.Scope}");
        foreach (var (op, write) in txn.Then.Zip(writes)) Settle(op, write, result.Revision);
        if (_alone > 0) _alone--;
    }

    private async ValueTask<long> LeaseOfAsync(string key, CancellationToken cancel) =>
        _standing.TryGetValue(key, out var stands) && stands.Lease != 0 ? stands.Lease : await leases.TakeAsync(cancel);

    /// <summary>Null when etcd finds it too large: then one by one, and the one that is too large alone is left out until it changes.</summary>
    private async Task<EtcdTxnResult?> TryAsync(EtcdTxn txn, List<Write> writes, CancellationToken cancel)
    {
        var start = store.Meter.Now();
        try
        {
            var result = await client.TxnAsync(txn, cancel);
            store.Meter.Done("txn", store.Scope, start);
            return result;
        }
        catch (EtcdException e) when (e.Error == EtcdError.TooLarge)
        {
            store.Meter.Failed(store.Scope);
            foreach (var op in txn.Then.Where(op => op.Kind == EtcdOpKind.Put && _standing.GetValueOrDefault(op.Key).Lease == 0)) leases.Release(op.Lease);
            if (writes.Count == 1)
            {
                _refused[writes[0].Key] = writes[0].Value ?? default;
                store.Refuse(writes[0].Key);
                return null;
            }

            _alone = writes.Count;
            foreach (var write in writes) _pending.Add(write.Key);
            return null;
        }
    }

    private void Settle(EtcdOp op, Write write, long revision)
    {
        _refused.Remove(write.Key);
        store.Accept(write.Key);
        if (write.Value is { } value)
        {
            _standing[write.Key] = new(value, op.Lease, revision);
            return;
        }

        if (_standing.Remove(write.Key, out var stood)) leases.Release(stood.Lease);
    }
}
