using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Failover;

/// <summary>HTTPRoute's weights (peers.md 2.3): each backend answers for its own share, unless failover is asked for.</summary>
public sealed class StrictShareTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static readonly TargetModel s_broken = new(MeshBuilder.Key("nobody"), null, 1);

    [Theory]
    [InlineData(true, 3, 5, 2)]
    [InlineData(false, 10, 0, 0)]
    public async Task Shares_OneServesOneIsBrokenOneHasNobody(bool strict, int served, int broken, int nobody)
    {
        await using var good = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("good", good).Service("empty")
            .Route(new SplitModel([MeshBuilder.Target("good", 3), s_broken with { Weight = 5 }, MeshBuilder.Target("empty", 2)]) { Strict = strict }));
        var statuses = new List<int>();
        for (var i = 0; i < 10; i++) statuses.Add((await proxy.SendAsync(Get)).Status);
        Assert.Equal((served, broken, nobody), (statuses.Count(status => status == 200), statuses.Count(status => status == 500), statuses.Count(status => status == 503)));
    }

    [Fact]
    public async Task Shares_WeightZero_GetsNothing()
    {
        await using var good = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("good", good).Service("empty")
            .Route(new SplitModel([MeshBuilder.Target("good", 0), MeshBuilder.Target("empty", 1)]) { Strict = true }));
        for (var i = 0; i < 5; i++) Assert.Equal(503, (await proxy.SendAsync(Get)).Status);
        Assert.Equal(0, good.Count);
    }

    [Theory]
    [InlineData(true, 502, 0)]
    [InlineData(false, 200, 1)]
    public async Task Retry_OfAStrictShare_StaysInIt(bool strict, int status, int other)
    {
        await using var bad = RawBackend.Resetting("west");
        await using var good = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("bad", bad).Service("good", good)
            .Route(new SplitModel([MeshBuilder.Target("bad", 1), MeshBuilder.Target("good", 0)]) { Strict = strict }));
        Assert.Equal((status, other), ((await proxy.SendAsync(Get)).Status, good.Count));
    }

    [Fact]
    public async Task Retry_WithinAStrictShare_AsksItsOtherBackend()
    {
        await using var bad = RawBackend.Refusing("west");
        await using var good = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", bad, good).Service("empty")
            .Route(new SplitModel([MeshBuilder.Target("web", 1), MeshBuilder.Target("empty", 0)]) { Strict = true }));
        for (var i = 0; i < 4; i++) Assert.Equal(200, (await proxy.SendAsync(Get)).Status);
    }

    [Fact]
    public async Task ListedStatus_OfAStrictShare_IsNotHeldBackForAnother()
    {
        await using var bad = RawBackend.Answering("west", "HTTP/1.1 503 No\r\nContent-Length: 3\r\n\r\nown");
        await using var good = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("bad", bad).Service("good", good)
            .Route(new SplitModel([MeshBuilder.Target("bad", 1), MeshBuilder.Target("good", 0)]) { Strict = true }, new() { Retry = new(3, true, true, [503]) }));
        var reply = await proxy.SendAsync(Get);
        Assert.Equal((503, "own", 0), (reply.Status, reply.Text, good.Count));
    }
}
