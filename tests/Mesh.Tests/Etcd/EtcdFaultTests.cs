using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Etcd.Protos;
using Google.Protobuf;
using static ClusterMesh.Mesh.Tests.Etcd.WatchReading;

namespace ClusterMesh.Mesh.Tests.Etcd;

public sealed class EtcdFaultTests
{
    [Fact]
    public async Task Put_CutAfterEtcdSawIt_IsNotMadeAgain()
    {
        await using var etcd = await FaultyEtcd.StartAsync();
        await using var client = Open(etcd);
        Assert.Equal(EtcdError.Unavailable, (await Assert.ThrowsAsync<EtcdException>(() => client.PutAsync("a", default))).Error);
        Assert.Equal(1, etcd.Puts);
    }

    [Fact]
    public async Task Get_CutAfterEtcdSawIt_IsMadeAgain()
    {
        await using var etcd = await FaultyEtcd.StartAsync(cuts: 2);
        await using var client = Open(etcd);
        Assert.Equal(1000, (await client.GetAsync("a")).Revision);
        Assert.Equal(3, etcd.Ranges);
    }

    [Theory]
    [InlineData("3.4.23", 10, 11)]
    [InlineData("3.5.9", 500, 501)]
    public async Task Watch_ToldProgressOnRequest_BelievesItFromServersThatKeepOrder(string version, long revision, long resumedFrom)
    {
        await using var etcd = await FaultyEtcd.StartAsync(version: version);
        etcd.Watches.Enqueue([Put(10, "a"), new() { Header = FaultyEtcd.Header(500), WatchId = -1 }]);
        etcd.Watches.Enqueue([Put(600, "b")]);
        await using var client = Open(etcd);
        await using var watch = client.WatchAsync("", 1).GetAsyncEnumerator();
        Assert.Equal(10, (await watch.NextAsync()).Revision);
        var progress = await watch.NextAsync();
        Assert.Empty(progress.Events);
        Assert.Equal(revision, progress.Revision);
        Assert.Equal("b", Assert.Single((await watch.NextAsync()).Events).Key);
        Assert.Equal([1, resumedFrom], etcd.WatchedFrom.Take(2));
    }

    [Fact]
    public async Task Watch_ToldProgressUnasked_GoesOnFromThere()
    {
        await using var etcd = await FaultyEtcd.StartAsync();
        etcd.Watches.Enqueue([new() { Header = FaultyEtcd.Header(500) }]);
        etcd.Watches.Enqueue([Put(600, "b")]);
        await using var client = Open(etcd);
        await using var watch = client.WatchAsync("", 1).GetAsyncEnumerator();
        Assert.Equal(500, (await watch.NextAsync()).Revision);
        await watch.NextAsync();
        Assert.Equal([1, 501], etcd.WatchedFrom.Take(2));
    }

    [Fact]
    public async Task Watch_CutWithinARevision_GetsItAgainWhole()
    {
        await using var etcd = await FaultyEtcd.StartAsync();
        var (first, second, third) = (Put(10, "a"), Put(11, "b"), Put(11, "c"));
        first.Events.Add(second.Events);
        first.Fragment = true;
        etcd.Watches.Enqueue([first]);
        second.Fragment = true;
        etcd.Watches.Enqueue([second, third]);
        await using var client = Open(etcd);
        await using var watch = client.WatchAsync("", 1).GetAsyncEnumerator();
        Assert.Equal(["a"], (await watch.NextAsync()).Events.Select(change => change.Key));
        var batch = await watch.NextAsync();
        Assert.Equal(["b", "c"], batch.Events.Select(change => change.Key));
        Assert.Equal(11, batch.Revision);
        Assert.Equal([1, 11], etcd.WatchedFrom.Take(2));
    }

    /// <summary>The header is ahead of the event, as etcd has it while it catches up.</summary>
    private static WatchResponse Put(long revision, string key) => new()
    {
        Header = FaultyEtcd.Header(1000),
        Events = { new Event { Kv = new KeyValue { Key = ByteString.CopyFromUtf8(key), ModRevision = revision } } },
    };

    private static EtcdClient Open(FaultyEtcd etcd) =>
        EtcdClient.Open(new EtcdConfig([etcd.Endpoint]) { Timeout = TimeSpan.FromSeconds(5) }, TimeProvider.System);
}
