using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Retry;

/// <summary>The connection breaks after the request was sent: only what does no harm twice is sent again.</summary>
public class ResetRetryTests
{
    private static readonly RoutePolicy s_nonIdempotent = new() { Retry = RetryPolicy.Default with { NonIdempotent = true } };

    [Theory]
    [InlineData("GET", 0)]
    [InlineData("HEAD", 0)]
    [InlineData("OPTIONS", 0)]
    [InlineData("DELETE", 0)]
    [InlineData("PUT", 1)]
    [InlineData("PUT", 5000)]
    [InlineData("PUT", 65_536)]
    [InlineData("GET", 20)]
    public async Task Idempotent_Reset_IsSentAgainByteForByte(string method, int length)
    {
        await using var broken = RawBackend.Resetting("west");
        await using var alive = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", broken, alive).Route("web"));
        var reply = await proxy.SendAsync(Request(method, length), head: method == "HEAD");
        Assert.Equal(200, reply.Status);
        Assert.Equal((1, 1), (broken.Count, alive.Count));
        Assert.Equal(TestBody.Of(length), broken.Last.Text);
        Assert.Equal((broken.Last.StartLine, TestBody.Of(length), broken.Last["X-Request-Id"]), (alive.Last.StartLine, alive.Last.Text, alive.Last["X-Request-Id"]));
    }

    [Theory]
    [InlineData("GET", 200)]
    [InlineData("POST", 502)]
    public async Task HeadersWithoutTheirSmallBody_Reset_NothingHasGoneOutYet(string method, int status)
    {
        await using var broken = RawBackend.Whole("west", async (connection, _) =>
        {
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
            connection.Reset();
        });
        await using var alive = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", broken, alive).Route("web"));
        var reply = await proxy.SendAsync(Request(method, 0));
        Assert.Equal(status, reply.Status);
        if (status == 200) Assert.Equal("ok", reply.Text);
        Assert.Equal((1, status == 200 ? 1 : 0), (broken.Count, alive.Count));
    }

    [Fact]
    public async Task Idempotent_ChunkedBody_IsSentAgainByteForByte()
    {
        await using var broken = RawBackend.Resetting("west");
        await using var alive = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", broken, alive).Route("web"));
        using var connection = await proxy.ConnectAsync();
        await connection.SendAsync("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
        await connection.SendAsync("3\r\ntwo\r\n0\r\n\r\n");
        Assert.Equal(200, (await connection.ReadReplyAsync()).Status);
        Assert.Equal(("onetwo", "onetwo", 1, 1), (broken.Last.Text, alive.Last.Text, broken.Count, alive.Count));
    }

    [Theory]
    [InlineData("POST", 0)]
    [InlineData("POST", 5)]
    [InlineData("PATCH", 5)]
    [InlineData("MKCOL", 0)]
    public async Task NotIdempotent_Reset_IsNotSentAgain(string method, int length)
    {
        await using var broken = RawBackend.Resetting("west");
        await using var alive = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", broken, alive).Route("web"));
        var reply = await proxy.SendAsync(Request(method, length));
        Assert.Equal((502, "reset after 1 attempts\n"), (reply.Status, reply.Text));
        Assert.Equal((1, 0), (broken.Count, alive.Count));
    }

    [Fact]
    public async Task NotIdempotent_PolicySaysAllTheSame_IsSentAgain()
    {
        await using var broken = RawBackend.Resetting("west");
        await using var alive = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", broken, alive).Route("web", s_nonIdempotent));
        Assert.Equal(200, (await proxy.SendAsync(Request("POST", 5000))).Status);
        Assert.Equal((1, 1, TestBody.Of(5000)), (broken.Count, alive.Count, alive.Last.Text));
    }

    [Theory]
    [InlineData(65_537)]
    [InlineData(1_000_000)]
    public async Task Body_TooLargeToKeep_IsNotSentAgain(int length)
    {
        await using var broken = RawBackend.Resetting("west");
        await using var alive = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", broken, alive).Route("web"));
        Assert.Equal(502, (await proxy.SendAsync(Request("PUT", length))).Status);
        Assert.Equal((1, 0, TestBody.Of(length)), (broken.Count, alive.Count, broken.Last.Text));
    }

    [Fact]
    public async Task OneTry_Reset_IsNotSentAgain()
    {
        await using var broken = RawBackend.Resetting("west");
        await using var alive = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", broken, alive).Route("web", new() { Retry = new(1, true, true, []) }));
        Assert.Equal(502, (await proxy.SendAsync(Request("GET", 0))).Status);
        Assert.Equal((1, 0), (broken.Count, alive.Count));
    }

    [Theory]
    [InlineData("H")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")]
    [InlineData("nonsense\r\n\r\n")]
    public async Task Response_BreaksBeforeItsFirstByte_AnotherIsAsked(string begun)
    {
        await using var broken = RawBackend.Whole("west", async (connection, _) =>
        {
            await connection.SendAsync(begun);
            connection.Dispose();
        });
        await using var alive = RawBackend.Answering("east", "HTTP/1.1 200 OK\r\nX-From: east\r\nContent-Length: 2\r\n\r\nok");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", broken, alive).Route("web"));
        var reply = await proxy.SendAsync(Request("GET", 0));
        Assert.Equal((200, "ok", "east", 1, 1), (reply.Status, reply.Text, reply["X-From"], broken.Count, alive.Count));
    }

    // HttpClient sends again by itself when a kept connection is closed on it; not what must not be done twice.
    [Theory]
    [InlineData("POST", 0)]
    [InlineData("POST", 5)]
    [InlineData("PATCH", 0)]
    public async Task NotIdempotent_KeptConnectionCloses_IsSentOnce(string method, int length)
    {
        await using var backend = RawBackend.Whole("west", (connection, request) =>
        {
            if (request.StartLine.StartsWith("GET")) return connection.SendAsync(RawBackend.Ok);
            connection.Dispose();
            return Task.CompletedTask;
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        Assert.Equal(200, (await proxy.SendAsync(Request("GET", 0))).Status);
        Assert.Equal(502, (await proxy.SendAsync(Request(method, length))).Status);
        Assert.Equal(1, backend.Seen.Count(request => request.StartLine.StartsWith(method)));
    }

    [Fact]
    public async Task KeptConnection_WasClosedMeanwhile_NobodyNotices()
    {
        await using var west = Hasty("west");
        await using var east = Hasty("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", west, east).Route("web"));
        for (var i = 0; i < 20; i++) Assert.Equal(200, (await proxy.SendAsync(Request("GET", 0))).Status);
        Assert.True(proxy.Health(west).Healthy && proxy.Health(east).Healthy);
    }

    // Closes each connection with its first response, without a word about it.
    private static RawBackend Hasty(string cluster) => RawBackend.Whole(cluster, async (connection, _) =>
    {
        await connection.SendAsync(RawBackend.Ok);
        connection.Dispose();
    });

    private static string Request(string method, int length) =>
        $"{method} /thing HTTP/1.1\r\nHost: a\r\n{(length > 0 || method == "POST" ? $"Content-Length: {length}\r\n" : "")}\r\n{TestBody.Of(length)}";
}
