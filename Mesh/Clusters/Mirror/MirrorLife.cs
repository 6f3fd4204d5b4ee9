using System.Collections.Immutable;
using ClusterMesh.Mesh.Clusters.Reading;
using ClusterMesh.Mesh.Clusters.State;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Mesh.Clusters.Mirror;

/// <summary>The mirror over one connection to our own etcd: looks what stands there, then writes what differs.</summary>
/// <param name="guard">
/// Lease of the config and the canaries. It is shorter than that of the keys: when we are gone for good the canaries go first, and
/// readers, who believe no deletion without them, keep what they know.
/// </param>
internal sealed class MirrorLife(MirrorKeys keys, MirrorState state, IEtcdClient client, LeasePool leases, IEtcdLease guard, TimeProvider time)
{
    /// <summary>etcd's limits for one transaction: 128 operations (--max-txn-ops), 1.5 MiB.</summary>
    private const int MaxOps = 128, MaxBytes = 1024 * 1024;

    private readonly HashSet<RemotePart> _canaries = [];
    private byte[] _config = [];
    private ReadOnlyMemory<byte> _heartbeat;
    private long? _clusterId;

    /// <summary>Takes over what an earlier mirror left.</summary>
    public async Task TakeOverAsync(CancellationToken cancel)
    {
        var held = new Dictionary<RemotePart, Dictionary<string, MirroredKey>>();
        foreach (var part in RemoteParts.All)
        {
            var found = held[part] = new(StringComparer.Ordinal);
            await foreach (var page in client.ListAsync(keys.Prefix(part), cancel))
            {
                foreach (var item in page.Items) found[item.Key] = new(ValueHash.Of(item.Value.Span), item.Lease);
            }
        }

        foreach (var (lease, count) in held.Values.SelectMany(part => part.Values).CountBy(key => key.Lease).ToList())
        {
            if (await leases.AdoptAsync(lease, count, cancel)) continue;
            foreach (var part in held.Values)
            {
                foreach (var (key, lost) in part.Where(pair => pair.Value.Lease == lease).ToList()) part[key] = lost with { Lease = 0 };
            }
        }

        await TakeOverGuardsAsync(cancel);
        state.Open(held);
    }

    public async Task WriteAsync(MirrorRound round, CancellationToken cancel)
    {
        if (round.Config is { } config) await WriteConfigAsync(config.Id, MirrorKeys.ConfigValue(config), cancel);
        foreach (var chunk in Chunks(round.Writes)) await WriteAsync(chunk, cancel);
        foreach (var part in round.Listed.Where(part => !_canaries.Contains(part)))
        {
            await client.PutAsync(keys.Canary(part), MirrorKeys.CanaryValue(time.GetUtcNow()), guard.Id, cancel);
            _canaries.Add(part);
        }

        if (round.Heartbeat is not { } heartbeat || heartbeat.Span.SequenceEqual(_heartbeat.Span)) return;
        await client.PutAsync(keys.Heartbeat, heartbeat, guard.Id, cancel);
        _heartbeat = heartbeat;
    }

    // They are on the lease of whoever wrote them; the same values again change nothing for readers.
    private async Task TakeOverGuardsAsync(CancellationToken cancel)
    {
        var ops = ImmutableArray.CreateBuilder<EtcdOp>();
        foreach (var key in RemoteParts.All.Select(keys.Canary).Append(keys.Config).Append(keys.Heartbeat))
        {
            if ((await client.GetAsync(key, cancel)).Item is not { } found) continue;
            ops.Add(EtcdOp.Put(key, found.Value, guard.Id));
            if (key == keys.Config) _config = found.Value.ToArray();
            if (key == keys.Heartbeat) _heartbeat = found.Value;
            foreach (var part in RemoteParts.All.Where(part => keys.Canary(part) == key)) _canaries.Add(part);
        }

        if (ops.Count > 0) await client.TxnAsync(new([], ops.ToImmutable()), cancel);
        _clusterId = RecordJson.Read(_config, Schema.SchemaJson.Instance.ClusterConfigRecord)?.Id;
    }

    private async Task WriteConfigAsync(long id, byte[] value, CancellationToken cancel)
    {
        if (value.AsSpan().SequenceEqual(_config)) return;
        var ops = ImmutableArray.Create(EtcdOp.Put(keys.Config, value, guard.Id));
        if (_clusterId is { } before && before != id)
        {
            // What stands there is of the old id: readers keep what they know until all of the new one is there.
            ops = [.. RemoteParts.All.Select(part => EtcdOp.Delete(keys.Canary(part))), .. ops];
            _canaries.Clear();
        }

        await client.TxnAsync(new([], ops), cancel);
        (_config, _clusterId) = (value, id);
    }

    private static IEnumerable<List<PendingWrite>> Chunks(IReadOnlyList<PendingWrite> writes)
    {
        var (chunk, bytes) = (new List<PendingWrite>(), 0);
        foreach (var write in writes)
        {
            var size = write.Key.Length + (write.Value?.Length ?? 0);
            if (chunk.Count == MaxOps || (chunk.Count > 0 && bytes + size > MaxBytes))
            {
                yield return chunk;
                (chunk, bytes) = ([], 0);
            }

            chunk.Add(write);
            bytes += size;
        }

        if (chunk.Count > 0) yield return chunk;
    }

    private async Task WriteAsync(List<PendingWrite> writes, CancellationToken cancel)
    {
        var ops = ImmutableArray.CreateBuilder<EtcdOp>(writes.Count);
        foreach (var write in writes)
        {
            if (write.Value is { } value) ops.Add(EtcdOp.Put(write.Key, value, write.Lease != 0 ? write.Lease : await leases.TakeAsync(cancel)));
            else ops.Add(EtcdOp.Delete(write.Key));
        }

        try
        {
            await client.TxnAsync(new([], ops.MoveToImmutable()), cancel);
        }
        catch (EtcdException e) when (e.Error is EtcdError.TooLarge && writes.Count == 1)
        {
            // The remote's etcd takes larger values than ours. The last one that fitted stays.
            state.Leased(writes[0], MirroredKey.Refused);
            return;
        }

        foreach (var (op, write) in ops.Zip(writes)) Settle(op, write);
    }

    private void Settle(EtcdOp op, PendingWrite write)
    {
        if (op.Kind == EtcdOpKind.Put) state.Leased(write, op.Lease);
        else leases.Release(write.Lease);
    }
}
