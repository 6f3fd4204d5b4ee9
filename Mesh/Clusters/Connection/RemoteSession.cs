using System.Globalization;
using System.Text;
using ClusterMesh.Mesh.Clusters.Reading;
using ClusterMesh.Mesh.Clusters.State;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Mesh.Clusters.Connection;

/// <summary>One connection to a remote, from its first call to what ends it.</summary>
internal sealed class RemoteSession(string cluster, RemoteSource source, IEtcdClient client, RemoteState state, RemoteContext context)
{
    /// <summary>Returns only by exception.</summary>
    /// <param name="again">There was a connection before.</param>
    public async Task RunAsync(bool again, CancellationToken cancel)
    {
        state.Apply(new RemoteEvent.Attempt(source.IsCache ? "cache" : ""));
        var key = new ClusterConfigKey(cluster, client, state, context);
        var config = await key.AcceptAsync(cancel);
        var can = config.Capabilities;
        state.Apply(new RemoteEvent.ConfigAccepted(client.Endpoint, (int)config.Id, can.SyncedCanaries, again));
        var prefixes = can.Cached ? RemotePrefixes.Cached(cluster) : RemotePrefixes.Direct(cluster);
        // A mirror is not mirrored.
        var session = new SessionContext(client, state, prefixes, config, can.Cached ? null : source.Tap, source.IsCache, context);
        session.Tap?.Accepted(config);
        var canaries = can.SyncedCanaries ? new Canaries(session) : null;
        await Together.RunAsync(
            cancel,
            stop => key.WatchAsync(config, stop),
            stop => HeartbeatAsync(session, stop),
            SilenceAsync,
            ProgressAsync,
            stop => canaries?.RunAsync(stop) ?? Task.CompletedTask,
            stop => PartAsync(state.Nodes, new NodeReader(cluster, session.ClusterId), stop),
            stop => PartAsync(state.Services, new ServiceReader(cluster, session.ClusterId, new()), stop),
            stop => PartAsync(state.Identities, new IdentityReader(cluster, session.ClusterId), stop),
            stop => PartAsync(state.Ips, new IpReader(session.ClusterId, new()), stop));

        async Task PartAsync<TKey, TValue>(PartState<TKey, TValue> part, IPartReader<TKey, TValue> reader, CancellationToken stop)
            where TKey : notnull
            where TValue : class
        {
            if (canaries is not null) await canaries.SeenAsync(part.Part, stop);
            await new PartLoop<TKey, TValue>(session, part, reader).RunAsync(stop);
        }
    }

    private async Task HeartbeatAsync(SessionContext session, CancellationToken cancel)
    {
        ReadOnlyMemory<byte>? last = null;
        await foreach (var value in WatchedKey.FollowAsync(client, session.Prefixes.Heartbeat, cancel))
        {
            // Only a new value is a beat; how long one has stood there is not known when it is first read.
            if (value is not { } written || (last is { } before && before.Span.SequenceEqual(written.Span))) continue;
            last = written;
            state.Apply(new RemoteEvent.HeartbeatSeen(WrittenAt(written.Span)));
            session.Tap?.Beats(written);
        }
    }

    private async Task SilenceAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(context.Config.Tick, context.Time);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            if (state.Silence > context.Config.HeartbeatTimeout) state.Apply(new RemoteEvent.HeartbeatStale(context.Config.HeartbeatTimeout));
        }
    }

    private async Task ProgressAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(context.Config.ProgressInterval, context.Time);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            state.AskedForProgress();
            client.RequestProgress();
        }
    }

    private static DateTimeOffset? WrittenAt(ReadOnlySpan<byte> text) =>
        text.Length < 64 && DateTimeOffset.TryParse(Encoding.UTF8.GetString(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
