using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Clusters.Connection;
using ClusterMesh.Mesh.Clusters.Reading;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Tests.Clusters;

/// <summary>From the first connection to ready, and who is refused, against a real etcd.</summary>
public sealed class RemoteClusterTests
{
    [Fact]
    public async Task Connect_FilledRemote_BecomesReadyWithAllOfIt()
    {
        await using var east = await RemoteEtcd.ServingAsync("a", "b");
        await east.NodeAsync("n1");
        await east.IdentityAsync(131073);
        await east.IpAsync("10.2.0.1", 131073);
        await using var follower = new RemoteFollower(east.Config);

        await follower.IsAsync(RemotePhase.Ready);

        await follower.HasServicesAsync("a", "b");
        Assert.Equal("10.2.0.2", follower.AddressOf("b"));
        Assert.Equal("10.2.0.0/24", follower.Last.Nodes["n1"].IPv4AllocCIDR!.ToString());
        Assert.Equal("k8s:app=echo;k8s:io.cilium.k8s.policy.cluster=east;", follower.Last.Identities[131073]);
        Assert.Equal(131073, follower.Last.Ips["10.2.0.1"].ID);
        Assert.Equal((2, true, true, true, 0), (follower.Status.ClusterId, follower.Status.Confirmed, follower.Status.SyncCanaries, follower.Status.ConfigRetrieved, follower.Status.Failures));
        Assert.Equal(east.Process.Endpoint.ToString().TrimEnd('/'), follower.Status.Source.TrimEnd('/'));
        Assert.True(follower.Read.Direct > 0);
    }

    [Fact]
    public async Task Watch_ChangedAddedDeleted_Follows()
    {
        await using var east = await RemoteEtcd.ServingAsync("a", "b");
        await using var follower = new RemoteFollower(east.Config);
        await follower.HasServicesAsync("a", "b");
        var untouched = follower.Last.Services[new("default", "a")];

        await east.ServiceAsync("b", "10.2.9.9");
        await follower.SeesAsync(_ => follower.AddressOf("b") == "10.2.9.9", "the new backend");
        await east.ServiceAsync("c", "10.2.9.1");
        await east.DeleteServiceAsync("b");
        await follower.HasServicesAsync("a", "c");

        Assert.Same(untouched, follower.Last.Services[new("default", "a")]);
        var change = follower.Published.First(objects => objects.Services.TryGetValue(new("default", "b"), out var b) && b.Ports[0].Backends[0].Address == "10.2.9.9");
        Assert.NotEqual(0, change.OldestChange);
    }

    [Fact]
    public async Task Publish_ChangesWhileTheWriterWorks_AreOne()
    {
        await using var east = await RemoteEtcd.ServingAsync("a");
        await using var follower = new RemoteFollower(east.Config);
        await follower.IsAsync(RemotePhase.Ready);
        using var working = new ManualResetEventSlim();
        follower.Meanwhile = _ => working.Wait(TimeSpan.FromSeconds(30));
        await east.ServiceAsync("first", "10.2.1.1");
        await follower.SeesAsync(_ => follower.Remote.Current.Services.Count == 2 && follower.Remote.Current.OldestChange == 0, "the first change is being handed on");
        var before = follower.Published.Count;

        for (var i = 0; i < 30; i++) await east.ServiceAsync($"s{i}", "10.2.1.2");
        await follower.SeesAsync(_ => follower.Remote.Current.Services.Count == 32, "all have arrived");
        var oldest = follower.Remote.Current.OldestChange;
        working.Set();

        await follower.SeesAsync(objects => objects.Services.Count == 32, "all are published");
        Assert.Equal(before + 2, follower.Published.Count);
        Assert.Equal((true, 0), (oldest != 0 && follower.Last.OldestChange == oldest, follower.Remote.Current.OldestChange));
    }

    [Fact]
    public async Task Watch_NotSharedAnyMore_IsAsIfItWereGone()
    {
        await using var east = await RemoteEtcd.ServingAsync("a", "b");
        await using var follower = new RemoteFollower(east.Config);
        await follower.HasServicesAsync("a", "b");

        await east.PutAsync(StateKeys.Service("east", "default", "b"), RemoteEtcd.Service("east", 2, "b", "10.2.0.2").Replace("\"shared\":true", "\"shared\":false", StringComparison.Ordinal));

        await follower.HasServicesAsync("a");
    }

    [Fact]
    public async Task Connect_CanariesMissing_WaitsAndSaysForWhich()
    {
        await using var east = await RemoteEtcd.StartAsync();
        await east.ConfigAsync();
        await east.ServiceAsync("a", "10.2.0.1");
        await east.CanariesAsync(StateKeys.Nodes, StateKeys.Identities);
        await using var follower = new RemoteFollower(east.Config);

        await follower.IsAsync(RemotePhase.Syncing, "waiting for the sync canaries of services, endpoints");
        Assert.Empty(follower.Services);
        await east.CanariesAsync(StateKeys.Services, StateKeys.Ips);

        await follower.IsAsync(RemotePhase.Ready);
        await follower.HasServicesAsync("a");
    }

    [Fact]
    public async Task Connect_ClusterThatWritesNoCanaries_IsListedAtOnce()
    {
        await using var east = await RemoteEtcd.StartAsync();
        await east.ConfigAsync(capabilities: "");
        await east.ServiceAsync("a", "10.2.0.1");
        await using var follower = new RemoteFollower(east.Config);

        await follower.IsAsync(RemotePhase.Ready);
        await follower.HasServicesAsync("a");
        Assert.False(follower.Status.SyncCanaries);
    }

    [Fact]
    public async Task Connect_ConfigMissing_WaitsForIt()
    {
        await using var east = await RemoteEtcd.StartAsync();
        await using var follower = new RemoteFollower(east.Config);

        await follower.IsAsync(RemotePhase.Connecting, "waiting for cilium/cluster-config/east");
        await east.FillAsync("a");

        await follower.IsAsync(RemotePhase.Ready);
        Assert.Equal(0, follower.Status.Failures);
    }

    [Fact]
    public async Task Connect_ConfigDoesNotCome_IsAnErrorAndTriedAgain()
    {
        await using var east = await RemoteEtcd.StartAsync();
        await using var follower = new RemoteFollower(east.Config, RemoteFollower.Quick with { ConfigPatience = TimeSpan.FromMilliseconds(50) });

        await follower.SeesAsync(objects => objects.Status.LastError?.Contains("cilium/cluster-config/east did not appear", StringComparison.Ordinal) == true, "the error");
        await east.FillAsync("a");

        await follower.IsAsync(RemotePhase.Ready);
    }

    [Theory]
    [InlineData("""{"id":0,"capabilities":{"syncedCanaries":true}}""", "cluster id 0 is not between 1 and 255")]
    [InlineData("""{"id":256,"capabilities":{"syncedCanaries":true}}""", "cluster id 256 is not between 1 and 255")]
    [InlineData("""{"id":-1}""", "cluster id -1 is not between 1 and 255")]
    [InlineData("""{"id":1,"capabilities":{"syncedCanaries":true}}""", "its cluster id 1 is ours")]
    [InlineData("""{"id":2,"capabilities":{"syncedCanaries":true,"maxConnectedClusters":511}}""", "its maxConnectedClusters is 511, ours is 255")]
    [InlineData("""{"id":2,"capabilities":{"syncedCanaries":true,"endpointSlicesExportMode":"telepathy"}}""", "endpointSlicesExportMode \"telepathy\" is not known")]
    [InlineData("not json", "cilium/cluster-config/east is not the JSON expected")]
    public async Task Connect_ConfigThatIsNotAccepted_IsRefusedUntilItIs(string config, string reason)
    {
        await using var east = await RemoteEtcd.ServingAsync("a");
        await east.PutAsync(StateKeys.ClusterConfig("east"), config);
        await using var follower = new RemoteFollower(east.Config);

        await follower.IsAsync(RemotePhase.Disconnected, reason);
        Assert.Empty(follower.Services);
        await east.ConfigAsync();

        await follower.IsAsync(RemotePhase.Ready);
    }

    [Fact]
    public async Task Connect_TwoRemotesWithOneId_TheSecondIsRefusedUntilTheFirstGoes()
    {
        var ids = new ClusterIds();
        await using var east = await RemoteEtcd.ServingAsync("a");
        await using var north = await RemoteEtcd.StartAsync("north", 2);
        await north.FillAsync("b");
        await using var first = new RemoteFollower(east.Config, ids: ids);
        await first.IsAsync(RemotePhase.Ready);

        await using var second = new RemoteFollower(north.Config, ids: ids, cluster: "north");
        await second.IsAsync(RemotePhase.Disconnected, "of east and north, only east is used");
        Assert.Equal(RemotePhase.Ready, first.Status.Phase);
        await first.DisposeAsync();

        await second.IsAsync(RemotePhase.Ready);
        await second.HasServicesAsync("b");
    }

    [Fact]
    public async Task Watch_GarbageAndLargeValues_AreCountedAndHurtNobody()
    {
        await using var east = await RemoteEtcd.ServingAsync("a", "b");
        await east.PutAsync(StateKeys.Services + "/east/default", "{}");
        await east.PutAsync(StateKeys.Service("east", "default", "c"), "garbage");
        await using var follower = new RemoteFollower(east.Config);
        await follower.IsAsync(RemotePhase.Ready);

        await east.PutAsync(StateKeys.Service("east", "default", "a"), RemoteEtcd.Service("north", 2, "a", "10.2.0.7"));
        await east.PutAsync(StateKeys.Service("east", "default", "d"), new string('x', 1_400_000));
        await east.PutAsync(StateKeys.Ip("10.2.0.1"), """{"IP":"10.2.0.1","ID":65537}""");
        await east.PutAsync(StateKeys.Service("north", "default", "a"), RemoteEtcd.Service("north", 3, "a", "10.3.0.1"));
        await east.ServiceAsync("e", "10.2.0.5");

        await follower.HasServicesAsync("a", "b", "e");
        Assert.Equal("10.2.0.1", follower.AddressOf("a"));
        await follower.SeesAsync(_ => follower.Status.Ignored.Values.Sum() == 5, "five are counted");
        Assert.Equal(
            new Dictionary<string, long> { [IgnoredReason.BadJson] = 2, [IgnoredReason.BadKey] = 1, [IgnoredReason.IdOutOfRange] = 1, [IgnoredReason.OtherCluster] = 1 },
            follower.Status.Ignored.ToDictionary());
    }

    [Fact]
    public async Task Watch_LargeService_IsTaken()
    {
        await using var east = await RemoteEtcd.ServingAsync();
        await using var follower = new RemoteFollower(east.Config);
        var addresses = Enumerable.Range(0, 20_000).Select(i => $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}").Skip(1).ToArray();

        await east.PutAsync(StateKeys.Service("east", "default", "big"), RemoteEtcd.Service("east", 2, "big", addresses));

        await follower.SeesAsync(objects => objects.Services.Values.Sum(service => service.BackendCount) == addresses.Length, "all backends");
    }
}
