using System.Collections.Immutable;
using ClusterMesh.Mesh.Clusters.Reading;
using ClusterMesh.Mesh.Clusters.State;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Clusters.Mirror;

/// <summary>The keys of a mirror that say what the others are worth: cluster-config, canaries, heartbeat.</summary>
/// <param name="lease">
/// Shorter than those of the other keys: when we are gone for good the canaries go first, and readers, who believe no deletion
/// without them, keep what they know.
/// </param>
internal sealed class MirrorGuards(MirrorKeys keys, IEtcdClient client, IEtcdLease lease, TimeProvider time)
{
    private readonly HashSet<RemotePart> _canaries = [];
    private ReadOnlyMemory<byte> _config, _heartbeat;
    private long? _clusterId;

    /// <summary>Moves those of an earlier mirror to our lease; the same values again change nothing for readers.</summary>
    public async Task TakeOverAsync(CancellationToken cancel)
    {
        var ops = ImmutableArray.CreateBuilder<EtcdOp>();
        foreach (var part in RemoteParts.All)
        {
            if (await FindAsync(keys.Canary(part)) is not null) _canaries.Add(part);
        }

        _config = await FindAsync(keys.Config) ?? default;
        _heartbeat = await FindAsync(keys.Heartbeat) ?? default;
        _clusterId = RecordJson.Read(_config.Span, SchemaJson.Instance.ClusterConfigRecord)?.Id;
        if (ops.Count > 0) await client.TxnAsync(new([], ops.ToImmutable()), cancel);

        async Task<ReadOnlyMemory<byte>?> FindAsync(string key)
        {
            var (found, _) = await client.GetAsync(key, cancel);
            if (found is not null) ops.Add(EtcdOp.Put(key, found.Value, lease.Id));
            return found?.Value;
        }
    }

    /// <param name="config">Null = the remote was not accepted yet.</param>
    public async Task WriteConfigAsync(ClusterConfigRecord? config, CancellationToken cancel)
    {
        if (config is null) return;
        var value = MirrorKeys.ConfigValue(config);
        if (_config.Span.SequenceEqual(value)) return;
        var ops = ImmutableArray.Create(EtcdOp.Put(keys.Config, value, lease.Id));
        if (_clusterId is { } before && before != config.Id)
        {
            // What stands there is of the old id: readers keep what they know until all of the new one is there.
            ops = [.. RemoteParts.All.Select(part => EtcdOp.Delete(keys.Canary(part))), .. ops];
            _canaries.Clear();
        }

        await client.TxnAsync(new([], ops), cancel);
        (_config, _clusterId) = (value, config.Id);
    }

    /// <param name="listed">Parts that are in the mirror whole.</param>
    public async Task WriteCanariesAsync(IEnumerable<RemotePart> listed, CancellationToken cancel)
    {
        foreach (var part in listed.Where(part => !_canaries.Contains(part)))
        {
            await client.PutAsync(keys.Canary(part), MirrorKeys.CanaryValue(time.GetUtcNow()), lease.Id, cancel);
            _canaries.Add(part);
        }
    }

    /// <param name="heartbeat">Null = the remote's was not seen yet.</param>
    public async Task WriteHeartbeatAsync(ReadOnlyMemory<byte>? heartbeat, CancellationToken cancel)
    {
        if (heartbeat is not { } beat || beat.Span.SequenceEqual(_heartbeat.Span)) return;
        await client.PutAsync(keys.Heartbeat, beat, lease.Id, cancel);
        _heartbeat = beat;
    }
}
