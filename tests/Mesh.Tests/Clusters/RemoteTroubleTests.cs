using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Schema;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Clusters;

/// <summary>A remote that is lost, emptied, compacted, replaced or silent: what is known of it stays until it says otherwise.</summary>
public sealed class RemoteTroubleTests
{
    [Fact]
    public async Task Lost_KilledAndRestarted_KeepsEverythingUnconfirmedAndGoesOn()
    {
        await using var east = await RemoteEtcd.ServingAsync("a", "b");
        await using var follower = new RemoteFollower(east.Config);
        await follower.IsAsync(RemotePhase.Ready);
        var known = follower.Last;

        east.Process.Kill();
        await follower.IsAsync(RemotePhase.Disconnected);
        Assert.False(follower.Last.Status.Confirmed);
        Assert.Same(known.Services, follower.Last.Services);

        await east.Process.StartAgainAsync();
        await follower.IsAsync(RemotePhase.Ready);
        await east.ServiceAsync("c", "10.2.0.3");
        await follower.HasServicesAsync("a", "b", "c");
        Assert.Equal((1, true), (follower.Status.Reconnections, follower.Status.Failures > 0));
        AssertNeverMissing(follower, known);
    }

    [Fact]
    public async Task Lost_ChangedMeanwhile_SweepsOnlyAfterTheWholeList()
    {
        await using var east = await RemoteEtcd.ServingAsync("a", "b");
        await using var follower = new RemoteFollower(east.Config);
        await follower.HasServicesAsync("a", "b");
        await follower.IsAsync(RemotePhase.Ready);
        var kept = follower.Last.Services[new("default", "a")];

        // Another etcd at the same address, filled anew: what is the same there keeps its reference.
        east.Process.Kill();
        await follower.IsAsync(RemotePhase.Disconnected);
        await east.Process.StartAgainAsync(emptied: true);
        await follower.IsAsync(RemotePhase.Connecting, "waiting for cilium/cluster-config/east");
        await east.ConfigAsync();
        await follower.IsAsync(RemotePhase.Syncing, "waiting for the sync canaries");
        await east.ServiceAsync("a", "10.2.0.1");
        await east.ServiceAsync("c", "10.2.0.3");
        Assert.Equal(["a", "b"], follower.Services);
        await east.CanariesAsync();

        await follower.HasServicesAsync("a", "c");
        await follower.IsAsync(RemotePhase.Ready);
        Assert.Same(kept, follower.Last.Services[new("default", "a")]);
        Assert.All(follower.Published.SkipWhile(objects => objects.Services.Count < 2), objects => Assert.Contains(new("default", "a"), objects.Services));
    }

    [Fact]
    public async Task Emptied_InPlace_KeepsEverythingUntilTheCanariesAreBack()
    {
        await using var east = await RemoteEtcd.ServingAsync("a", "b");
        await using var follower = new RemoteFollower(east.Config);
        await follower.IsAsync(RemotePhase.Ready);

        await east.DeleteAsync("cilium/", prefix: true);
        await follower.IsAsync(RemotePhase.Connecting, "waiting for cilium/cluster-config/east");
        Assert.Equal(["a", "b"], follower.Services);
        await east.FillAsync("a");

        await follower.HasServicesAsync("a");
        await follower.IsAsync(RemotePhase.Ready);
    }

    [Fact]
    public async Task Emptied_OfOneCanaryAndItsKeys_KeepsThem()
    {
        await using var east = await RemoteEtcd.ServingAsync("a", "b");
        await using var follower = new RemoteFollower(east.Config);
        await follower.IsAsync(RemotePhase.Ready);

        await east.DeleteAsync(StateKeys.Synced("east", StateKeys.Services));
        await east.DeleteServiceAsync("b");
        await follower.IsAsync(RemotePhase.Syncing, "waiting for the sync canaries of services");
        Assert.Equal(["a", "b"], follower.Services);
        await east.CanariesAsync(StateKeys.Services);

        await follower.HasServicesAsync("a");
        await follower.IsAsync(RemotePhase.Ready);
    }

    [Fact]
    public async Task Compacted_BeyondWhatWasSeen_ListsAgain()
    {
        await using var east = await RemoteEtcd.ServingAsync("a", "b");
        await using var proxy = new Tunnel(east.Process.Port);
        await using var follower = new RemoteFollower(east.Config with { Endpoints = [proxy.Endpoint], GiveUp = TimeSpan.FromMinutes(1) });
        await follower.IsAsync(RemotePhase.Ready);

        // The watches try to go on for longer than this takes.
        proxy.Break();
        await east.DeleteServiceAsync("b");
        await east.ServiceAsync("c", "10.2.0.3");
        var revision = await east.CallAsync(client => client.PutAsync("cilium/x", default));
        await east.Process.CtlAsync("compact", $"{revision}");
        proxy.Mend();

        await follower.HasServicesAsync("a", "c");
        Assert.Equal((RemotePhase.Ready, 0), (follower.Status.Phase, follower.Status.Failures));
        Assert.All(follower.Published.SkipWhile(objects => objects.Services.Count < 2), objects => Assert.Contains(new("default", "a"), objects.Services));
    }

    [Fact]
    public async Task Config_OtherIdWhileConnected_IsRevalidatedAndTheOldIdsStateGoes()
    {
        await using var east = await RemoteEtcd.ServingAsync("a", "b");
        await east.IdentityAsync(131073);
        await using var follower = new RemoteFollower(east.Config);
        await follower.SeesAsync(objects => objects is { Status.Phase: RemotePhase.Ready, Identities.Count: 1 }, "ready");

        await east.ServiceAsync("a", "10.2.0.7", clusterId: 3);
        await east.ConfigAsync(clusterId: 3);

        await follower.SeesAsync(objects => objects.Status is { Phase: RemotePhase.Ready, ClusterId: 3 }, "ready as 3");
        Assert.Equal(["a"], follower.Services);
        Assert.Equal("10.2.0.7", follower.AddressOf("a"));
        Assert.Empty(follower.Last.Identities);
        Assert.Equal("its cluster id has changed from 2 to 3", follower.Status.LastError);
    }

    [Fact]
    public async Task Config_OwnIdWhileConnected_IsRefusedAndWhatWasKnownStays()
    {
        await using var east = await RemoteEtcd.ServingAsync("a");
        await using var follower = new RemoteFollower(east.Config);
        await follower.IsAsync(RemotePhase.Ready);

        await east.ConfigAsync(clusterId: 1);

        await follower.IsAsync(RemotePhase.Disconnected, "refused: its cluster id 1 is ours");
        Assert.Equal(["a"], follower.Services);
    }

    [Fact]
    public async Task Heartbeat_Stops_DegradesAndRecovers()
    {
        var time = new FakeTime();
        await using var east = await RemoteEtcd.ServingAsync("a");
        await east.BeatAsync();
        await using var follower = new RemoteFollower(east.Config, time: time);
        await follower.IsAsync(RemotePhase.Ready);
        await follower.SeesAsync(_ => follower.Status.Heartbeat is not null, "the heartbeat");

        time.Advance(TimeSpan.FromSeconds(121));
        await follower.IsAsync(RemotePhase.Degraded, "heartbeat has not changed for 120 s");
        Assert.False(follower.Last.Status.Confirmed);
        Assert.Equal(["a"], follower.Services);
        // Written again, but not anew: nobody moves the clock over there.
        await east.BeatAsync();
        await east.ServiceAsync("b", "10.2.0.2");
        await follower.HasServicesAsync("a", "b");
        Assert.Equal(RemotePhase.Degraded, follower.Status.Phase);

        await east.BeatAsync("2026-01-01T00:02:30Z");
        await follower.IsAsync(RemotePhase.Ready);
        Assert.True(follower.Last.Status.Confirmed);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 2, 30, TimeSpan.Zero), follower.Status.Heartbeat);
    }

    [Fact]
    public async Task Heartbeat_NeverThere_Degrades()
    {
        var time = new FakeTime();
        await using var east = await RemoteEtcd.ServingAsync("a");
        await using var follower = new RemoteFollower(east.Config, time: time);
        await follower.IsAsync(RemotePhase.Ready);

        time.Advance(TimeSpan.FromSeconds(121));

        await follower.IsAsync(RemotePhase.Degraded);
    }

    [Fact]
    public async Task Ttl_LostForLonger_RevokesServicesOnlyAndTheyComeBack()
    {
        var time = new FakeTime();
        await using var east = await RemoteEtcd.ServingAsync("a");
        await east.NodeAsync("n1");
        await using var follower = new RemoteFollower(east.Config, RemoteFollower.Quick with { RemoteTtl = TimeSpan.FromMinutes(5) }, time: time);
        await follower.SeesAsync(objects => objects is { Status.Phase: RemotePhase.Ready, Nodes.Count: 1 }, "ready");

        time.Advance(TimeSpan.FromMinutes(6));
        await follower.IsAsync(RemotePhase.Degraded);
        Assert.Equal(["a"], follower.Services);
        east.Process.Kill();
        await follower.IsAsync(RemotePhase.Disconnected);
        time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(["a"], follower.Services);
        time.Advance(TimeSpan.FromMinutes(2));

        await follower.HasServicesAsync();
        Assert.Equal((1, 1), (follower.Last.Status.Revocations, follower.Last.Nodes.Count));
        await east.Process.StartAgainAsync();
        await follower.HasServicesAsync("a");
        Assert.Equal(1, follower.Status.Revocations);
    }

    [Fact]
    public async Task Progress_WhileConnected_MovesCaughtUpAt()
    {
        await using var east = await RemoteEtcd.ServingAsync("a");
        await using var follower = new RemoteFollower(east.Config);
        await follower.IsAsync(RemotePhase.Ready);
        var first = follower.Status.CaughtUpAt;
        var published = follower.Published.Count;

        await follower.SeesAsync(_ => follower.Status.CaughtUpAt > first, "it moves");
        Assert.Equal(published, follower.Published.Count);
        east.Process.Kill();
        await follower.IsAsync(RemotePhase.Disconnected);
        var last = follower.Status.CaughtUpAt;
        await east.Process.StartAgainAsync();

        await follower.SeesAsync(_ => follower.Status.CaughtUpAt > last, "it moves again");
    }

    [Fact]
    public async Task Connect_NobodyThere_IsDisconnectedAndTriedAgain()
    {
        await using var east = await RemoteEtcd.ServingAsync("a");
        east.Process.Kill();
        await using var follower = new RemoteFollower(east.Config);

        await follower.IsAsync(RemotePhase.Disconnected, "127.0.0.1");
        await east.Process.StartAgainAsync();

        await follower.IsAsync(RemotePhase.Ready);
    }

    private static void AssertNeverMissing(RemoteFollower follower, RemoteObjects known) =>
        Assert.All(follower.Published.SkipWhile(objects => objects.Services.Count < known.Services.Count), objects => Assert.True(known.Services.Keys.All(objects.Services.ContainsKey)));
}
