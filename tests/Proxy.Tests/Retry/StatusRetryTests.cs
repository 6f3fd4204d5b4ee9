using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Retry;

/// <summary>proxy-next-upstream: http_503 and its like.</summary>
public class StatusRetryTests
{
    private const string Busy = "HTTP/1.1 503 Service Unavailable\r\nX-From: west\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nbusy";
    private const string Busy2 = "HTTP/1.1 503 Service Unavailable\r\nX-From: east\r\nContent-Length: 5\r\n\r\nbusy2";

    private static readonly RoutePolicy s_503 = new() { Retry = RetryPolicy.Default with { Statuses = [503] } };

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    public async Task Listed_IsTriedElsewhere_AndNothingOfItIsSeen(string method)
    {
        await using var busy = RawBackend.Answering("west", Busy);
        await using var free = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", busy, free).Route("web", s_503));
        var reply = await proxy.SendAsync(Request(method));
        Assert.Equal((200, "ok", null, null), (reply.Status, reply.Text, reply["X-From"], reply["Retry-After"]));
        Assert.Equal((1, 1, "body"), (busy.Count, free.Count, free.Last.Text));
    }

    [Fact]
    public async Task Listed_ByEverybody_LastOneIsPassedOnAsItIs()
    {
        await using var one = RawBackend.Answering("west", Busy);
        await using var two = RawBackend.Answering("east", Busy2);
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", one, two).Route("web", s_503));
        var reply = await proxy.SendAsync(Request("GET"));
        Assert.Equal((503, "busy2", "east"), (reply.Status, reply.Text, reply["X-From"]));
        Assert.Equal((1, 1), (one.Count, two.Count));
    }

    [Fact]
    public async Task Listed_NobodyElseCouldAnswer_IsPassedOnAsItIs()
    {
        await using var only = RawBackend.Answering("west", Busy);
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", only).Route("web", s_503));
        var reply = await proxy.SendAsync(Request("GET"));
        Assert.Equal((503, "busy", "7", 1), (reply.Status, reply.Text, reply["Retry-After"], only.Count));
    }

    [Fact]
    public async Task Listed_OnlyADeadOneIsLeft_IsPassedOnAsItIs()
    {
        await using var busy = RawBackend.Answering("west", Busy);
        await using var dead = RawBackend.Refusing("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", busy, dead).Route("web", s_503));
        proxy.Core.Health.Note(proxy.Health(dead), EndReason.ConnectFailed, 0, 0, []);
        var reply = await proxy.SendAsync(Request("GET"));
        Assert.Equal((503, "busy", 1), (reply.Status, reply.Text, busy.Count));
    }

    [Fact]
    public async Task Listed_NotIdempotent_IsPassedOnAsItIs()
    {
        await using var busy = RawBackend.Answering("west", Busy);
        await using var free = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", busy, free).Route("web", s_503));
        var reply = await proxy.SendAsync(Request("POST"));
        Assert.Equal((503, "busy", 0), (reply.Status, reply.Text, free.Count));
    }

    [Fact]
    public async Task Listed_NotIdempotentButAsked_IsTriedElsewhere()
    {
        await using var busy = RawBackend.Answering("west", Busy);
        await using var free = RawBackend.Answering("east");
        var policy = s_503 with { Retry = s_503.Retry with { NonIdempotent = true } };
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", busy, free).Route("web", policy));
        Assert.Equal(200, (await proxy.SendAsync(Request("POST"))).Status);
        Assert.Equal("body", free.Last.Text);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    public async Task NotListed_IsPassedOn(int status)
    {
        await using var failing = RawBackend.Answering("west", $"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n");
        await using var free = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", failing, free).Route("web", s_503));
        Assert.Equal((status, 0), ((await proxy.SendAsync(Request("GET"))).Status, free.Count));
    }

    [Fact]
    public async Task Listed_TriesAreUsedUp_LastOneIsPassedOn()
    {
        await using var one = RawBackend.Answering("west", Busy);
        await using var two = RawBackend.Answering("west", Busy);
        await using var three = RawBackend.Answering("east");
        var policy = s_503 with { Retry = s_503.Retry with { Tries = 1 } };
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", one, two, three).Route("web", policy));
        Assert.Equal(503, (await proxy.SendAsync(Request("GET"))).Status);
        Assert.Equal((1, 0), (one.Count + two.Count, three.Count));
    }

    [Fact]
    public async Task Listed_TimeForRetriesIsOver_IsPassedOnAsItIs()
    {
        await using var busy = RawBackend.Answering("west", Busy);
        await using var free = RawBackend.Answering("east");
        var policy = s_503 with { Retry = s_503.Retry with { Timeout = TimeSpan.FromTicks(1) } };
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", busy, free).Route("web", policy));
        var reply = await proxy.SendAsync(Request("GET"));
        Assert.Equal((503, "busy", 0), (reply.Status, reply.Text, free.Count));
    }

    // A listed status asks for a healthy one; an error takes what is left, as without the list.
    [Fact]
    public async Task StatusesListed_ErrorAndOnlyAnEjectedOneIsLeft_ItIsAsked()
    {
        await using var broken = RawBackend.Resetting("west");
        await using var ejected = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", broken, ejected).Route("web", s_503));
        for (var i = 0; i < 5; i++) proxy.Core.Health.Note(proxy.Health(ejected), EndReason.Reset, 0, 0, [proxy.Health(ejected), proxy.Health(broken)]);
        Assert.False(proxy.Health(ejected).Healthy);
        Assert.Equal(200, (await proxy.SendAsync(Request("GET"))).Status);
        Assert.Equal((1, 1), (broken.Count, ejected.Count));
    }

    [Fact]
    public async Task Listed_BudgetIsSpent_IsPassedOnAsItIs()
    {
        await using var busy = RawBackend.Answering("west", Busy);
        await using var free = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", busy, free).Route("web", s_503));
        var budget = proxy.Core.State.Snapshot!.Routes[0].State.Budget;
        while (budget.TryTake(TimeProvider.System.GetTimestamp())) { }

        // The first request itself adds a fifth of a retry, which is as good as a whole one.
        Assert.Equal(200, (await proxy.SendAsync(Request("GET"))).Status);
        var reply = await proxy.SendAsync(Request("GET"));
        Assert.Equal((503, "busy", 1), (reply.Status, reply.Text, free.Count));
    }

    private static string Request(string method) => $"{method} / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody";
}
