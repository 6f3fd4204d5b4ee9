using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Clusters.State;

namespace ClusterMesh.Mesh.Tests.Clusters;

/// <summary>The state machine, as a table: what happened, and where the remote stands then.</summary>
public sealed class RemoteTransitionsTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly RemoteEvent[] s_toReady =
    [
        new RemoteEvent.Attempt(""), new RemoteEvent.ConfigAccepted("e:2379", 2, true, false), new RemoteEvent.AwaitsCanaries([]),
        .. RemoteParts.All.Select(part => new RemoteEvent.Synced(part)),
    ];

    private static readonly Dictionary<string, (RemoteEvent[] Events, RemotePhase Phase, string? Reason, bool Confirmed)> s_table = new()
    {
        ["its file was read"] = ([], RemotePhase.Configured, "not connected yet", false),
        ["first attempt"] = ([new RemoteEvent.Attempt("")], RemotePhase.Connecting, "no endpoint has answered yet", false),
        ["no config"] = ([new RemoteEvent.Attempt(""), new RemoteEvent.AwaitsConfig("e:2379", "cilium/cluster-config/east")], RemotePhase.Connecting, "connected, waiting for cilium/cluster-config/east", false),
        ["accepted"] = (s_toReady[..2], RemotePhase.ConfigRetrieved, "cluster-config accepted, nothing listed yet", false),
        ["canaries missing"] = ([.. s_toReady[..2], new RemoteEvent.AwaitsCanaries([RemotePart.Services, RemotePart.Ips])], RemotePhase.Syncing, "waiting for the sync canaries of services, endpoints", false),
        ["canaries there"] = (s_toReady[..3], RemotePhase.Syncing, "listing nodes, services, identities, endpoints", false),
        ["half listed"] = (s_toReady[..5], RemotePhase.Syncing, "listing identities, endpoints", false),
        ["all listed"] = (s_toReady, RemotePhase.Ready, null, true),
        ["late word of canaries"] = ([.. s_toReady, new RemoteEvent.AwaitsCanaries([])], RemotePhase.Ready, null, true),
        ["listed again"] = ([.. s_toReady, new RemoteEvent.Synced(RemotePart.Nodes)], RemotePhase.Ready, null, true),
        ["lost"] = ([.. s_toReady, new RemoteEvent.Lost("gone")], RemotePhase.Disconnected, "gone", false),
        ["trying again"] = ([.. s_toReady, new RemoteEvent.Lost("gone"), new RemoteEvent.Attempt("")], RemotePhase.Disconnected, "gone", false),
        ["back, not listed"] = ([.. s_toReady, new RemoteEvent.Lost("gone"), .. s_toReady[..5]], RemotePhase.Syncing, "listing identities, endpoints", false),
        ["back"] = ([.. s_toReady, new RemoteEvent.Lost("gone"), .. s_toReady], RemotePhase.Ready, null, true),
        ["refused"] = ([.. s_toReady[..1], new RemoteEvent.Refused("its cluster id 2 is ours")], RemotePhase.Disconnected, "refused: its cluster id 2 is ours", false),
        ["silent"] = ([.. s_toReady, Stale], RemotePhase.Degraded, "its heartbeat has not changed for 120 s: its control plane may be down, and what is known of it out of date", false),
        ["silent before it is ready"] = ([.. s_toReady[..4], Stale], RemotePhase.Syncing, "listing services, identities, endpoints", false),
        ["heard again"] = ([.. s_toReady, Stale, new RemoteEvent.HeartbeatSeen(s_start)], RemotePhase.Ready, null, true),
        ["silent, then lost"] = ([.. s_toReady, Stale, new RemoteEvent.Lost("gone")], RemotePhase.Disconnected, "gone", false),
        ["beating while lost"] = ([.. s_toReady, new RemoteEvent.Lost("gone"), new RemoteEvent.HeartbeatSeen(s_start)], RemotePhase.Disconnected, "gone", false),
        ["revoked"] = ([.. s_toReady, new RemoteEvent.Lost("gone"), new RemoteEvent.Revoked()], RemotePhase.Disconnected, "gone", false),
        ["switched to another source"] = ([.. s_toReady, new RemoteEvent.Attempt("cache")], RemotePhase.Connecting, "no endpoint has answered yet", false),
    };

    public static TheoryData<string> Rows => [.. s_table.Keys];

    private static RemoteEvent Stale => new RemoteEvent.HeartbeatStale(TimeSpan.FromMinutes(2));

    [Theory]
    [MemberData(nameof(Rows))]
    public void Next_Events_LeadToPhase(string what)
    {
        var (events, phase, reason, confirmed) = s_table[what];
        var status = After(events);

        Assert.Equal((phase, reason, confirmed), (status.Phase, status.Reason, status.Confirmed));
    }

    [Fact]
    public void Next_SamePhase_KeepsSince()
    {
        var status = After([.. s_toReady, new RemoteEvent.Lost("gone"), new RemoteEvent.Attempt(""), new RemoteEvent.Lost("still gone")]);

        Assert.Equal((s_start.AddSeconds(s_toReady.Length), "still gone", 2, s_start.AddSeconds(s_toReady.Length + 2)), (status.Since, status.Reason, status.Failures, status.LastErrorAt));
    }

    [Fact]
    public void Next_Lost_KeepsTheIdAndForgetsWhatWasListed()
    {
        var status = After([.. s_toReady, new RemoteEvent.Lost("gone")]);

        Assert.Equal((2, false, false, false, false, false), (status.ClusterId, status.ConfigRetrieved, status.NodesSynced, status.ServicesSynced, status.IdentitiesSynced, status.EndpointsSynced));
    }

    [Fact]
    public void Next_Source_IsTheEndpointOrTheCache()
    {
        Assert.Equal("e:2379", After(s_toReady).Source);
        Assert.Equal("cache", After([.. s_toReady, new RemoteEvent.Attempt("cache"), new RemoteEvent.ConfigAccepted("ours:2379", 2, true, true)]).Source);
    }

    [Fact]
    public void Next_ConnectedAgain_IsCounted() =>
        Assert.Equal(1, After([.. s_toReady, new RemoteEvent.Lost("gone"), new RemoteEvent.ConfigAccepted("e:2379", 2, true, true)]).Reconnections);

    [Fact]
    public void Next_NotBelieved_AddsUp()
    {
        var status = After([new RemoteEvent.NotBelieved(new Dictionary<string, long> { ["a"] = 1, ["b"] = 2 }), new RemoteEvent.NotBelieved(new Dictionary<string, long> { ["b"] = 3 })]);

        Assert.Equal([("a", 1), ("b", 5)], status.Ignored.Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void IsNews_OnlyWhatReadersMustHearAtOnce()
    {
        var ready = After(s_toReady);

        Assert.False(RemoteTransitions.IsNews(ready, RemoteTransitions.Next(ready, new RemoteEvent.CaughtUp(s_start), s_start)));
        Assert.False(RemoteTransitions.IsNews(ready, RemoteTransitions.Next(ready, new RemoteEvent.HeartbeatSeen(s_start), s_start)));
        Assert.False(RemoteTransitions.IsNews(ready, RemoteTransitions.Next(ready, new RemoteEvent.NotBelieved(new Dictionary<string, long> { ["a"] = 1 }), s_start)));
        Assert.True(RemoteTransitions.IsNews(ready, RemoteTransitions.Next(ready, Stale, s_start)));
        Assert.True(RemoteTransitions.IsNews(ready, RemoteTransitions.Next(ready, new RemoteEvent.Revoked(), s_start)));
    }

    private static RemoteStatus After(RemoteEvent[] events)
    {
        var status = RemoteStatus.Configured(s_start);
        foreach (var (happened, second) in events.Select((happened, second) => (happened, second))) status = RemoteTransitions.Next(status, happened, s_start.AddSeconds(second));
        return status;
    }
}
