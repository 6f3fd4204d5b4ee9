using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Failover;

/// <summary>One side of a split fails while a request is under way: the other answers.</summary>
public class CanaryFailoverTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static readonly SplitModel s_allToCanary = new([MeshBuilder.Target("stable", 0), MeshBuilder.Target("canary", 100)]);

    [Fact]
    public async Task Canary_BreaksOff_PrimaryAnswers()
    {
        await using var stable = RawBackend.Answering("west");
        await using var canary = RawBackend.Resetting("west");
        await using var proxy = await StartAsync(stable, canary);
        Assert.Equal(200, (await proxy.SendAsync(Get)).Status);
        Assert.Equal((1, 1), (canary.Count, stable.Count));
    }

    [Fact]
    public async Task Canary_Refuses_PrimaryAnswersAndTakesTheRest()
    {
        await using var stable = RawBackend.Answering("west");
        await using var canary = RawBackend.Refusing("west");
        await using var proxy = await StartAsync(stable, canary);
        Assert.Equal(200, (await proxy.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")).Status);
        Assert.Equal((1, "hi"), (stable.Count, stable.Last.Text));
        for (var i = 0; i < 5; i++) Assert.Equal(200, (await proxy.SendAsync(Get)).Status);
        Assert.Equal(6, stable.Count);
    }

    [Fact]
    public async Task Primary_HasNoBackend_CanaryTakesAll()
    {
        await using var canary = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("stable").Service("canary", canary)
            .Route(new SplitModel([MeshBuilder.Target("stable", 90), MeshBuilder.Target("canary", 10)])));
        for (var i = 0; i < 20; i++) Assert.Equal(200, (await proxy.SendAsync(Get)).Status);
        Assert.Equal(20, canary.Count);
    }

    [Fact]
    public async Task Canary_AnswersAListedStatus_PrimaryAnswers()
    {
        await using var stable = RawBackend.Answering("west");
        await using var canary = RawBackend.Answering("west", "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("stable", stable).Service("canary", canary)
            .Route(s_allToCanary, new() { Retry = RetryPolicy.Default with { Statuses = [503] } }));
        Assert.Equal(200, (await proxy.SendAsync(Get)).Status);
        Assert.Equal((1, 1), (canary.Count, stable.Count));
    }

    [Fact]
    public async Task BothSides_Refuse_Is502()
    {
        await using var stable = RawBackend.Refusing("west");
        await using var canary = RawBackend.Refusing("west");
        await using var proxy = await StartAsync(stable, canary);
        Assert.Equal(502, (await proxy.SendAsync(Get)).Status);
        Assert.Equal(502, (await proxy.SendAsync(Get)).Status);
    }

    private static Task<ProxyFixture> StartAsync(RawBackend stable, RawBackend canary) =>
        ProxyFixture.StartAsync(mesh => mesh.Service("stable", stable).Service("canary", canary).Route(s_allToCanary));
}
