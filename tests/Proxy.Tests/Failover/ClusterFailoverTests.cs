using ClusterMesh.Mesh.Services;
using ClusterMesh.Proxy.Tests.Support;
using ClusterMesh.Tests;

namespace ClusterMesh.Proxy.Tests.Failover;

public class ClusterFailoverTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    [Fact]
    public async Task LocalCluster_KilledAndBack_RemoteAnswersMeanwhile()
    {
        await using var one = Named("west");
        await using var two = Named("west");
        await using var east = Named("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", one, two, east).Route("web"));
        for (var i = 0; i < 10; i++) Assert.Equal("west", (await proxy.SendAsync(Get)).Text);

        one.Kill();
        two.Kill();
        for (var i = 0; i < 20; i++) Assert.Equal((200, "east"), Of(await proxy.SendAsync(Get)));
        Assert.Equal((PoolReason.Failover, "east"), (proxy.Selection("web").Pools[0].Reason, proxy.Selection("web").Clusters));
        Assert.NotNull(proxy.Port("web").LastSwitch);

        one.Listen();
        await Eventually.TrueAsync(() => proxy.Health(one).Healthy, "the one that listens again takes requests again");
        Assert.False(proxy.Health(two).Healthy);
        for (var i = 0; i < 10; i++) Assert.Equal((200, "west"), Of(await proxy.SendAsync(Get)));
        Assert.Equal(PoolReason.Affinity, proxy.Selection("web").Pools[0].Reason);
    }

    [Fact]
    public async Task Killed_UnderLoad_NoIdempotentRequestFails()
    {
        await using var one = Named("west");
        await using var two = Named("west");
        await using var east = Named("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", one, two, east).Route("web"));
        var client = proxy.Client();
        var done = 0;
        var load = Parallel.ForEachAsync(Enumerable.Range(0, 2000), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, stop) =>
        {
            using var reply = await client.GetAsync("/", stop);
            Assert.Equal(200, (int)reply.StatusCode);
            Interlocked.Increment(ref done);
        });
        await Eventually.TrueAsync(() => Volatile.Read(ref done) > 200, "load");
        one.Kill();
        two.Kill();
        await load;
        Assert.Equal(2000, done);
        Assert.True(east.Count > 0);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public async Task LastAttempt_GoesToTheOtherCluster(int tries, int local)
    {
        await using var one = RawBackend.Resetting("west");
        await using var two = RawBackend.Resetting("west");
        await using var three = RawBackend.Resetting("west");
        await using var east = Named("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", one, two, three, east).Route("web", new() { Retry = new(tries, true, true, []) }));
        Assert.Equal((200, "east"), Of(await proxy.SendAsync(Get)));
        Assert.Equal((local, 1), (one.Count + two.Count + three.Count, east.Count));
        Assert.All([one, two, three], backend => Assert.InRange(backend.Count, 0, 1));
    }

    [Fact]
    public async Task FailingAnswers_EjectForATime_ButNeverMoreThanHalf()
    {
        await using var one = Failing("west");
        await using var two = Failing("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", one, two).Route("web"));
        for (var i = 0; i < 40; i++) Assert.Equal(500, (await proxy.SendAsync(Get)).Status);
        Assert.Single([one, two], backend => !proxy.Health(backend).Healthy);
        Assert.Equal(40, one.Count + two.Count);
    }

    [Fact]
    public async Task Removed_WhileEjected_IsForgotten()
    {
        await using var dead = RawBackend.Refusing("west");
        await using var alive = Named("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", dead, alive).Route("web"));
        await proxy.SendAsync(Get);
        Assert.Single(proxy.Core.Health.Ejected);
        var removed = proxy.Health(dead);
        proxy.Apply(mesh => mesh.Service("web", alive).Route("web"));
        Assert.Empty(proxy.Core.Health.Ejected);

        // An attempt that was under way reports only now.
        proxy.Core.Health.Note(removed, ClusterMesh.Mesh.Telemetry.EndReason.ConnectFailed, 0, 0, []);
        Assert.Empty(proxy.Core.Health.Ejected);
        Assert.Equal((200, "east"), Of(await proxy.SendAsync(Get)));
    }

    private static (int, string) Of(RawMessage reply) => (reply.Status, reply.Text);

    private static RawBackend Named(string cluster) => RawBackend.Answering(cluster, $"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{cluster}");

    private static RawBackend Failing(string cluster) => RawBackend.Answering(cluster, "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
}
