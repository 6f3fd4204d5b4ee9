using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Edge;

/// <summary>What belongs to one connection does not cross to the other (RFC 9110 7.6.1).</summary>
public class HopByHopTests
{
    [Theory]
    [InlineData("Keep-Alive: timeout=5", "Keep-Alive")]
    [InlineData("Proxy-Connection: keep-alive", "Proxy-Connection")]
    [InlineData("Proxy-Authorization: Basic x", "Proxy-Authorization")]
    [InlineData("TE: gzip", "TE")]
    [InlineData("TE: gzip, trailers;q=0.5", "TE")]
    [InlineData("Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA", "Upgrade")]
    [InlineData("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA", "HTTP2-Settings")]
    [InlineData("Connection: upgrade\r\nUpgrade: TLS/1.0", "Upgrade")]
    [InlineData("Upgrade: foo", "Upgrade")]
    [InlineData("Connection: X-Secret\r\nX-Secret: 1", "X-Secret")]
    [InlineData("Connection: keep-alive, x-secret\r\nX-Secret: 1", "X-Secret")]
    [InlineData("Connection: keep-alive\r\nConnection: a,b , X-Secret,,\r\nX-Secret: 1", "X-Secret")]
    [InlineData("X-Secret: 1\r\nConnection: close, X-Secret", "X-Secret")]
    [InlineData("Connection: close", "Connection")]
    [InlineData("Connection: keep-alive, te", "Connection")]
    public async Task Request_ConnectionField_IsNotForwarded(string headers, string name)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        Assert.Equal(200, (await proxy.SendAsync($"GET / HTTP/1.1\r\nHost: a\r\n{headers}\r\nX-Kept: 1\r\n\r\n")).Status);
        Assert.Equal((null, "1"), (backend.Last[name] is "Keep-Alive" ? null : backend.Last[name], backend.Last["X-Kept"]));
    }

    [Theory]
    [InlineData("Connection: Host", "Host", "a")]
    [InlineData("Connection: close, Content-Length", "Content-Length", "2")]
    [InlineData("Connection: Content-Type", "Content-Type", "text/plain")]
    [InlineData("Connection: X-Forwarded-For", "X-Forwarded-For", "127.0.0.1")]
    [InlineData("Connection: X-Request-Id", "X-Request-Id", "id")]
    public async Task Request_NominatesAnEndToEndField_ItIsForwardedAllTheSame(string header, string name, string value)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        Assert.Equal(200, (await proxy.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\n{header}\r\nX-Request-Id: id\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi")).Status);
        Assert.Equal((value, "hi"), (backend.Last[name], backend.Last.Text));
    }

    [Theory]
    [InlineData("Keep-Alive: timeout=5", "Keep-Alive")]
    [InlineData("Proxy-Connection: x", "Proxy-Connection")]
    [InlineData("Connection: X-Secret\r\nX-Secret: 1", "X-Secret")]
    [InlineData("X-Secret: 1\r\nConnection: keep-alive, x-secret", "X-Secret")]
    [InlineData("Upgrade: h2c\r\nConnection: Upgrade", "Upgrade")]
    [InlineData("Connection: close", "Connection")]
    [InlineData("TE: x", "TE")]
    public async Task Response_ConnectionField_IsNotPassedOn(string headers, string name)
    {
        await using var backend = RawBackend.Answering("west", $"HTTP/1.1 200 OK\r\n{headers}\r\nX-Kept: 1\r\nContent-Length: 2\r\n\r\nok");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var connection = await proxy.ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            await connection.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            var reply = await connection.ReadReplyAsync();
            Assert.Equal((200, "ok", null, "1"), (reply.Status, reply.Text, reply[name], reply["X-Kept"]));
        }
    }

    [Theory]
    [InlineData("Connection: Set-Cookie, Content-Length", "Content-Length", "2")]
    [InlineData("Connection: Content-Type", "Content-Type", "text/plain")]
    public async Task Response_NominatesAnEndToEndField_ItIsPassedOnAllTheSame(string header, string name, string value)
    {
        await using var backend = RawBackend.Answering("west", $"HTTP/1.1 200 OK\r\n{header}\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        var reply = await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal((200, "ok", value), (reply.Status, reply.Text, reply[name]));
    }

    [Theory]
    [InlineData("keep-alive", false)]
    [InlineData("keep-alive, TE", false)]
    [InlineData("Upgrade, HTTP2-Settings", false)]
    [InlineData("close", true)]
    [InlineData("close, TE", true)]
    [InlineData("X-Secret", true)]
    public async Task Connection_StaysOpen_UnlessItIsAskedToCloseOrOddlyUsed(string options, bool closes)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var connection = await proxy.ConnectAsync();
        for (var i = 0; i < (closes ? 1 : 2); i++)
        {
            await connection.SendAsync($"GET / HTTP/1.1\r\nHost: a\r\nConnection: {options}\r\n\r\n");
            Assert.Equal(200, (await connection.ReadReplyAsync()).Status);
        }

        if (closes) Assert.True(await connection.EndsAsync());
    }

    [Fact]
    public async Task Te_Trailers_IsForwarded()
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nTE: gzip, trailers\r\nConnection: TE\r\n\r\n");
        Assert.Equal("trailers", backend.Last["TE"]);
    }

    [Fact]
    public async Task Response_SwitchesProtocolUnasked_Is502()
    {
        await using var backend = RawBackend.Answering("west", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\n");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web", new() { Retry = new(1, true, true, []) }));
        Assert.Equal(502, (await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\n")).Status);
    }
}
