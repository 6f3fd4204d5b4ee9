using System.Net;
using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Protocols;

/// <summary>How bodies are framed on both sides, byte by byte.</summary>
public class BodyTests
{
    [Fact]
    public async Task Head_WithContentLength_KeepsItAndHasNoBody()
    {
        await using var backend = RawBackend.Answering("west", "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nETag: \"x\"\r\n\r\n");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var connection = await proxy.ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            await connection.SendAsync("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            var reply = await connection.ReadReplyAsync(head: true);
            Assert.Equal((200, 1234, "\"x\""), (reply.Status, reply.Length, reply["ETag"]));
        }

        Assert.Equal("HEAD / HTTP/1.1", backend.Last.StartLine);
    }

    [Fact]
    public async Task Chunked_BothWays_ArrivesWhole()
    {
        await using var backend = RawBackend.Whole("west", (connection, request) =>
            connection.SendAsync($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n{request.Body.Length:x}\r\n{request.Text}\r\n0\r\n\r\n"));
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        var reply = await proxy.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab\r\n\r\n3;x=y\r\ncde\r\n0\r\n\r\n");
        Assert.Equal((200, "oneab\r\ncde", true), (reply.Status, reply.Text, reply.Chunked));
        Assert.Equal(("ab\r\ncde", true, null), (backend.Last.Text, backend.Last.Chunked, backend.Last.Length));
    }

    [Fact]
    public async Task ContentLength_BothWays_IsKept()
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        var reply = await proxy.SendAsync("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
        Assert.Equal((200, "ok", 2, false), (reply.Status, reply.Text, reply.Length, reply.Chunked));
        Assert.Equal(("hello", 5, false), (backend.Last.Text, backend.Last.Length, backend.Last.Chunked));
    }

    [Theory]
    [InlineData("POST", "Content-Length: 0\r\n", "0")]
    [InlineData("DELETE", "", null)]
    [InlineData("GET", "", null)]
    public async Task EmptyBody_OfRequest_StaysEmpty(string method, string header, string? length)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        Assert.Equal(200, (await proxy.SendAsync($"{method} / HTTP/1.1\r\nHost: a\r\n{header}\r\n")).Status);
        Assert.Equal((length, null), (backend.Last["Content-Length"], backend.Last["Transfer-Encoding"]));
    }

    [Fact]
    public async Task Get_WithABody_PassesItOn()
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        Assert.Equal(200, (await proxy.SendAsync("GET /search HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}")).Status);
        Assert.Equal("{}", backend.Last.Text);
    }

    [Theory]
    [InlineData("204 No Content", "")]
    [InlineData("304 Not Modified", "ETag: \"x\"\r\n")]
    [InlineData("304 Not Modified", "Content-Length: 99\r\n")]
    [InlineData("205 Reset Content", "Content-Length: 0\r\n")]
    public async Task Status_WithoutABody_LeavesTheConnectionInStep(string status, string headers)
    {
        await using var backend = RawBackend.Answering("west", $"HTTP/1.1 {status}\r\n{headers}\r\n");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var connection = await proxy.ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            await connection.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            var reply = await connection.ReadReplyAsync();
            Assert.Equal((int.Parse(status[..3]), "", null), (reply.Status, reply.Text, reply["Transfer-Encoding"]));
        }

        Assert.Equal(2, backend.Count);
    }

    [Fact]
    public async Task Response_WithoutFraming_EndsWithTheConnection()
    {
        await using var backend = RawBackend.Whole("west", async (connection, _) =>
        {
            await connection.SendAsync("HTTP/1.1 200 OK\r\n\r\nuntil the end");
            connection.Dispose();
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        var reply = await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal((200, "until the end", true), (reply.Status, reply.Text, reply.Whole));
    }

    [Fact]
    public async Task Trailers_OfAChunkedResponse_ReachAnHttp2Client()
    {
        await using var backend = RawBackend.Answering("west", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 42\r\n\r\n");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var reply = await proxy.Client(HttpVersion.Version20).GetAsync("/");
        Assert.Equal("ok", await reply.Content.ReadAsStringAsync());
        Assert.Equal(["42"], reply.TrailingHeaders.GetValues("X-Sum"));
    }

    [Fact]
    public async Task InterimResponses_OfBackend_DoNotConfuse()
    {
        await using var backend = RawBackend.Answering("west", "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + RawBackend.Ok);
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        var reply = await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal((200, "ok", null), (reply.Status, reply.Text, reply["Link"]));
    }

    [Fact]
    public async Task Response_BeforeTheBodyIsRead_ReachesTheClient()
    {
        await using var backend = RawBackend.Start("west", async (connection, _) =>
        {
            await connection.SendAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
            while ((await connection.ReadSomeAsync()).Length > 0) { }
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var connection = await proxy.ConnectAsync();
        await connection.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + new string('x', 100_000));
        var reply = await connection.ReadReplyAsync();
        Assert.Equal((403, "no"), (reply.Status, reply.Text));
    }

    [Fact]
    public async Task Pipelined_Requests_AreAnsweredInOrder()
    {
        await using var backend = RawBackend.Whole("west", (connection, request) =>
            connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{request.StartLine[5]}"));
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var connection = await proxy.ConnectAsync();
        await connection.SendAsync(string.Concat("abc".Select(c => $"GET /{c} HTTP/1.1\r\nHost: a\r\n\r\n")));
        foreach (var c in "abc") Assert.Equal($"{c}", (await connection.ReadReplyAsync()).Text);
        Assert.Equal(3, backend.Count);
    }
}
