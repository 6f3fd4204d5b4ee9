using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Schema;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Clusters;

/// <summary>The mirror of a remote in our own etcd: written by one node, read by the others.</summary>
public sealed class RemoteMirrorTests : IAsyncLifetime
{
    private static readonly RemoteClustersConfig s_config = RemoteFollower.Quick with { MirrorGrace = TimeSpan.FromMilliseconds(100) };

    private RemoteEtcd _east = null!, _own = null!;

    public async Task InitializeAsync()
    {
        _east = await RemoteEtcd.ServingAsync("a", "b");
        await _east.NodeAsync("m1");
        await _east.IdentityAsync(131073);
        await _east.IpAsync("10.2.0.1", 131073);
        await _east.BeatAsync();
        _own = await RemoteEtcd.StartAsync("west", 1);
    }

    public async Task DisposeAsync()
    {
        await _east.DisposeAsync();
        await _own.DisposeAsync();
    }

    [Fact]
    public async Task Mirror_OfARemote_IsCiliumsLayout()
    {
        await using var leader = Leader();
        await HasMirrorAsync();

        var all = await _own.AllAsync("cilium/");
        Assert.Equal(
            [
                "cilium/cache/heartbeat/v1/east", "cilium/cache/identities/v1/east/id/131073", "cilium/cache/ip/v1/east/10.2.0.1", "cilium/cache/nodes/v1/east/m1",
                "cilium/cache/services/v1/east/default/a", "cilium/cache/services/v1/east/default/b", "cilium/cluster-config/east",
                "cilium/synced/east/cilium/cache/identities/v1", "cilium/synced/east/cilium/cache/ip/v1", "cilium/synced/east/cilium/cache/nodes/v1", "cilium/synced/east/cilium/cache/services/v1",
            ], all.Keys);
        Assert.Equal("""{"id":2,"capabilities":{"syncedCanaries":true,"cached":true,"maxConnectedClusters":255}}""", all["cilium/cluster-config/east"]);
        Assert.Equal((await _east.AllAsync(StateKeys.Service("east", "default", "a"))).Values, [all["cilium/cache/services/v1/east/default/a"]]);
        Assert.All(await LeasesAsync(), lease => Assert.NotEqual(0, lease.Value));
    }

    [Fact]
    public async Task Mirror_ReadByAnotherNode_IsAllThatTheRemoteTells()
    {
        await using var leader = Leader();
        await using var other = new MeshNode(_own, s_config, ("east", _east));
        await other.ReadsAsync("east", "cache");
        await leader.ReadsAsync("east", "http");

        await _east.ServiceAsync("c", "10.2.0.9");
        await _east.DeleteServiceAsync("b");
        await _east.PutAsync(StateKeys.Service("east", "default", "bad"), "garbage");

        await other.HasServicesAsync("east", "a", "c");
        var (there, here) = (other.Of("east")!, leader.Of("east")!);
        Assert.Equal(here.Nodes.Keys, there.Nodes.Keys);
        Assert.Equal(here.Identities, there.Identities);
        Assert.Equal(here.Ips.Keys, there.Ips.Keys);
        // What is not believed is not handed on, and the remote is not read by the other node.
        Assert.Empty(there.Status.Ignored);
        await Eventually.TrueAsync(() => other.Of("east")!.Status.Heartbeat is not null, "the heartbeat is handed on");
    }

    [Fact]
    public async Task Cache_WithoutAMirrorYet_SaysWhatItWaitsFor()
    {
        await using var node = new MeshNode(_own, s_config, ("east", _east));

        await node.IsAsync("east", RemotePhase.Connecting, "waiting for cilium/cluster-config/east");
        await using var leader = Leader();

        await node.ReadsAsync("east", "cache");
        await node.HasServicesAsync("east", "a", "b");
    }

    [Fact]
    public async Task Mirroring_SwitchedToAndFro_LosesNothingForAMoment()
    {
        await using var first = Leader();
        await using var second = new MeshNode(_own, s_config, ("east", _east));
        await second.ReadsAsync("east", "cache");
        await first.ReadsAsync("east", "http");
        var (a, before) = (second.Of("east")!.Services[new("default", "a")], await LeasesAsync());

        for (var round = 0; round < 3; round++)
        {
            first.Clusters.SetMirroring(false);
            second.Clusters.SetMirroring(true);
            await first.ReadsAsync("east", "cache");
            await second.ReadsAsync("east", "http");
            await _east.ServiceAsync($"c{round}", $"10.2.1.{round}");
            await first.SeesAsync("east", $"c{round}");
            first.Clusters.SetMirroring(true);
            second.Clusters.SetMirroring(false);
            await first.ReadsAsync("east", "http");
            await second.ReadsAsync("east", "cache");
        }

        foreach (var node in new[] { first, second })
        {
            Assert.All(node.Published.SkipWhile(remote => remote.Services.Count < 2), remote => Assert.True(remote.Services.ContainsKey(new("default", "a")) && remote.Services.ContainsKey(new("default", "b"))));
        }

        Assert.Same(a, second.Of("east")!.Services[new("default", "a")]);
        // The keys of the first mirror were taken over, not written again.
        var key = StateKeys.Cache(StateKeys.Services, "east") + "/default/a";
        Assert.Equal(before[key], (await LeasesAsync())[key]);
    }

    [Fact]
    public async Task Mirror_OwnEtcdEmptied_IsWrittenAgainAndReadersKeepEverything()
    {
        await using var leader = Leader();
        await using var other = new MeshNode(_own, s_config, ("east", _east));
        await other.ReadsAsync("east", "cache");

        _own.Process.Kill();
        await other.IsAsync("east", RemotePhase.Disconnected);
        await _east.ServiceAsync("c", "10.2.0.9");
        await leader.HasServicesAsync("east", "a", "b", "c");
        await _own.Process.StartAgainAsync(emptied: true);

        await HasMirrorAsync();
        await other.HasServicesAsync("east", "a", "b", "c");
        await other.ReadsAsync("east", "cache");
        Assert.All(other.Published.SkipWhile(remote => remote.Services.Count < 2), remote => Assert.Contains(new("default", "a"), remote.Services));
        Assert.Equal(0, leader.Of("east")!.Status.Failures);
    }

    [Fact]
    public async Task Mirror_EmptiedInPlaceOrLeaseRevoked_IsWrittenAgain()
    {
        await using var leader = Leader();
        await using var other = new MeshNode(_own, s_config, ("east", _east));
        await other.ReadsAsync("east", "cache");

        await _own.DeleteAsync("cilium/", prefix: true);
        await HasMirrorAsync();
        await other.ReadsAsync("east", "cache");
        foreach (var lease in (await LeasesAsync()).Values.Distinct()) await _own.Process.CtlAsync("lease", "revoke", lease.ToString("x", System.Globalization.CultureInfo.InvariantCulture));
        await HasMirrorAsync();

        await other.ReadsAsync("east", "cache");
        await other.HasServicesAsync("east", "a", "b");
    }

    [Fact]
    public async Task Mirror_LeaderStoppedAndStartedAgain_WritesOnlyWhatDiffers()
    {
        await using (var leader = Leader())
        {
            await HasMirrorAsync();
        }

        var before = await RevisionsAsync();
        await _east.ServiceAsync("b", "10.2.0.77");
        await _east.DeleteAsync(StateKeys.Ip("10.2.0.1"));
        await using var again = Leader();
        await Eventually.TrueAsync(async () => (await _own.AllAsync("cilium/cache/services/v1/east/default/b")).Values.Single().Contains("10.2.0.77", StringComparison.Ordinal), "the change");
        await Eventually.TrueAsync(async () => (await _own.AllAsync("cilium/cache/ip/")).Count == 0, "the deletion");

        var after = await RevisionsAsync();
        Assert.Equal(before["cilium/cache/services/v1/east/default/a"], after["cilium/cache/services/v1/east/default/a"]);
        Assert.Equal(before["cilium/cache/nodes/v1/east/m1"], after["cilium/cache/nodes/v1/east/m1"]);
        Assert.NotEqual(before["cilium/cache/services/v1/east/default/b"], after["cilium/cache/services/v1/east/default/b"]);
    }

    [Fact]
    public async Task Mirror_RemoteLostForLongerThanItsTtl_RevokesServicesForTheReadersToo()
    {
        await using var leader = new MeshNode(_own, s_config with { RemoteTtl = TimeSpan.FromMilliseconds(200) }, ("east", _east));
        leader.Clusters.SetMirroring(true);
        await using var other = new MeshNode(_own, s_config, ("east", _east));
        await other.ReadsAsync("east", "cache");

        _east.Process.Kill();
        await other.HasServicesAsync("east");
        Assert.Single(other.Of("east")!.Nodes);
        Assert.Equal(1, leader.Of("east")!.Status.Revocations);
        await _east.Process.StartAgainAsync();

        await other.HasServicesAsync("east", "a", "b");
    }

    [Fact]
    public async Task Cache_OwnEtcdAwayForLongerThanTheTtl_RevokesNothing()
    {
        await using var leader = Leader();
        await using var other = new MeshNode(_own, s_config with { RemoteTtl = TimeSpan.FromMilliseconds(1) }, ("east", _east));
        await other.ReadsAsync("east", "cache");

        _own.Process.Kill();
        await Eventually.TrueAsync(() => other.Of("east")!.Status.Failures > 3, "several attempts fail", 30);

        Assert.Equal((0, 2), (other.Of("east")!.Status.Revocations, other.Of("east")!.Services.Count));
    }

    [Fact]
    public async Task Mirror_RemoteGetsAnotherId_ReadersFollowWithoutAGap()
    {
        await using var leader = Leader();
        await using var other = new MeshNode(_own, s_config, ("east", _east));
        await other.ReadsAsync("east", "cache");

        await _east.DeleteAsync(StateKeys.Synced("east", ""), prefix: true);
        await _east.ConfigAsync(clusterId: 7);
        await _east.ServiceAsync("a", "10.2.0.1", clusterId: 7);
        await _east.CanariesAsync();

        await Eventually.TrueAsync(() => other.Of("east")!.Status is { Phase: RemotePhase.Ready, ClusterId: 7 }, "ready as 7", 30);
        await other.HasServicesAsync("east", "a");
        Assert.All(other.Published.SkipWhile(remote => remote.Services.Count < 2), remote => Assert.Contains(new("default", "a"), remote.Services));
    }

    [Fact]
    public async Task Mirror_RemoteRemoved_GoesConfigFirst()
    {
        await using var leader = Leader();
        await HasMirrorAsync();

        leader.Disconnect("east");

        await Eventually.TrueAsync(async () => (await _own.AllAsync("cilium/cluster-config/")).Count == 0, "no config");
        await Eventually.TrueAsync(async () => (await _own.AllAsync("cilium/")).Count == 0, "nothing at all");
    }

    [Fact]
    public async Task Mirror_RemoteRemovedAndBack_IsKept()
    {
        await using var leader = new MeshNode(_own, s_config with { MirrorGrace = TimeSpan.FromMinutes(5) }, ("east", _east));
        leader.Clusters.SetMirroring(true);
        await HasMirrorAsync();
        var before = await RevisionsAsync();

        leader.Disconnect("east");
        await Eventually.TrueAsync(async () => (await _own.AllAsync("cilium/cluster-config/")).Count == 0, "no config");
        leader.Connect("east", _east);

        await HasMirrorAsync();
        Assert.Equal(before["cilium/cache/services/v1/east/default/a"], (await RevisionsAsync())["cilium/cache/services/v1/east/default/a"]);
    }

    private MeshNode Leader()
    {
        var node = new MeshNode(_own, s_config, ("east", _east));
        node.Clusters.SetMirroring(true);
        return node;
    }

    private Task HasMirrorAsync() => Eventually.TrueAsync(
        async () => (await _own.AllAsync("cilium/synced/east/")).Count == 4 && (await _own.AllAsync("cilium/cluster-config/east")).Count == 1 && (await _own.AllAsync("cilium/cache/heartbeat")).Count == 1, "the mirror is complete", 30);

    private async Task<Dictionary<string, long>> LeasesAsync() => (await ItemsAsync()).ToDictionary(item => item.Key, item => item.Lease);

    private async Task<Dictionary<string, long>> RevisionsAsync() => (await ItemsAsync()).ToDictionary(item => item.Key, item => item.ModRevision);

    private Task<List<Mesh.Etcd.EtcdKeyValue>> ItemsAsync() => _own.CallAsync(async client =>
    {
        var items = new List<Mesh.Etcd.EtcdKeyValue>();
        await foreach (var page in client.ListAsync("cilium/")) items.AddRange(page.Items);
        return items;
    });
}
