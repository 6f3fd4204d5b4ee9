using System.Collections.Immutable;
using ClusterMesh.Mesh.Clusters.Connection;
using ClusterMesh.Mesh.Clusters.Reading;
using ClusterMesh.Mesh.Clusters.State;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Mesh.Clusters.Mirror;

/// <summary>The mirror over one connection to our own etcd: looks what stands there, then writes what differs.</summary>
internal sealed class MirrorLife(MirrorKeys keys, MirrorState state, IEtcdClient client, LeasePool leases, MirrorGuards guards)
{
    /// <summary>etcd's limits for one transaction: 128 operations (--max-txn-ops), 1.5 MiB.</summary>
    private const int MaxOps = 128, MaxBytes = 1024 * 1024;

    private long _servicesListedAt;

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
                if (part is RemotePart.Services) _servicesListedAt = page.Revision;
            }
        }

        var adopted = await leases.AdoptAsync(held.Values.SelectMany(part => part.Values).GroupBy(key => key.Lease).Select(keys => (keys.Key, keys.Count())), cancel);
        foreach (var part in held.Values)
        {
            foreach (var (key, lost) in part.Where(pair => !adopted.Contains(pair.Value.Lease)).ToList()) part[key] = lost with { Lease = 0 };
        }

        await guards.TakeOverAsync(cancel);
        state.Open(held);
    }

    /// <summary>
    /// Returns only by exception, above all when somebody takes services away that we have written: a revoked lease is noticed
    /// otherwise only when it is to be prolonged.
    /// </summary>
    public async Task GuardServicesAsync(CancellationToken cancel)
    {
        await foreach (var batch in client.WatchAsync(keys.Prefix(RemotePart.Services), _servicesListedAt + 1, cancel))
        {
            foreach (var gone in batch.Events.Where(happened => happened.Value is null && state.Holds(RemotePart.Services, happened.Key)))
            {
                throw new RemoteLostException($"{gone.Key} was deleted by somebody else, or with its lease");
            }
        }
    }

    public async Task WriteAsync(MirrorRound round, CancellationToken cancel)
    {
        await guards.WriteConfigAsync(round.Config, cancel);
        foreach (var chunk in Chunks(round.Writes)) await WriteAsync(chunk, cancel);
        await guards.WriteCanariesAsync(round.Listed, cancel);
        await guards.WriteHeartbeatAsync(round.Heartbeat, cancel);
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
