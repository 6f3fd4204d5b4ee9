using ClusterMesh.Mesh.Clusters.Reading;
using ClusterMesh.Mesh.Clusters.State;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Clusters.Connection;

/// <summary>A remote's cluster-config: waited for, accepted or refused, and watched from then on.</summary>
internal sealed class ClusterConfigKey(string cluster, IEtcdClient client, RemoteState state, RemoteContext context)
{
    private readonly string _key = StateKeys.ClusterConfig(cluster);

    /// <exception cref="RemoteRefusedException">What it says is not accepted.</exception>
    /// <exception cref="RemoteLostException">It did not appear in time.</exception>
    public async Task<ClusterConfigRecord> AcceptAsync(CancellationToken cancel)
    {
        var value = await WaitAsync(cancel);
        if (Parse(value) is not { } config) throw new RemoteRefusedException($"{_key} is not the JSON expected");
        if (ClusterConfigRules.Refusal(config, context.Config.ClusterId) is { } reason) throw new RemoteRefusedException(reason);
        context.Ids.Claim(config.Id, cluster);
        return config;
    }

    /// <summary>Returns only by exception: when the key goes, or says something that has to be accepted anew.</summary>
    public async Task WatchAsync(ClusterConfigRecord accepted, CancellationToken cancel)
    {
        await foreach (var value in WatchedKey.FollowAsync(client, _key, cancel))
        {
            if (value is not { } written) throw new RemoteLostException($"{_key} was deleted: what was known stays until it is back");
            if (Parse(written) is not { } config) state.Apply(new RemoteEvent.NotBelieved(new Dictionary<string, long> { [IgnoredReason.BadJson] = 1 }));
            else if (config.Id != accepted.Id) throw new RemoteLostException($"its cluster id has changed from {accepted.Id} to {config.Id}");
            else if (config != accepted) throw new RemoteLostException("its cluster-config has changed");
        }
    }

    private async Task<ReadOnlyMemory<byte>> WaitAsync(CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(context.Config.ConfigPatience, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            await foreach (var value in WatchedKey.FollowAsync(client, _key, either.Token))
            {
                if (value is { } written) return written;
                state.Apply(new RemoteEvent.AwaitsConfig(client.Endpoint, _key));
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
        }

        throw new RemoteLostException($"{_key} did not appear at {client.Endpoint} within {context.Config.ConfigPatience.TotalSeconds:0} s: is the cluster's name right, and its agent running?");
    }

    // Absent capabilities are those of old clusters: none.
    private static ClusterConfigRecord? Parse(ReadOnlyMemory<byte> value) =>
        RecordJson.Read(value.Span, SchemaJson.Instance.ClusterConfigRecord) is { } config ? config with { Capabilities = config.Capabilities ?? new() } : null;
}
