using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Edge;

/// <summary>Messages that two readers could read in two ways. A second request hides in most: the backend must never see it.</summary>
public class SmugglingTests
{
    private const string Hidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";

    /// <summary>Refused by their head: 400, connection closed, nothing reaches a backend.</summary>
    public static readonly TheoryData<string, string> Refused = new()
    {
        { "CL.TE", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "TE.CL", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + Hidden },
        { "CL.0 with TE", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nhello" + Hidden },
        { "two equal lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello" + Hidden },
        { "lengths in a list", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello" + Hidden },
        { "length below zero", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello" + Hidden },
        { "length in hex", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello" + Hidden },
        { "length with a blank", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\nhello" + Hidden },
        { "length beyond 64 bits", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551621\r\n\r\nhello" + Hidden },
        { "length is empty", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n" + Hidden },
        { "TE xchunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "TE identity", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + Hidden },
        { "TE chunked, identity", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + Hidden },
        { "TE identity, chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "TE gzip, chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "TE chunked, chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "TE.TE chunked then x", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n" + Hidden },
        { "TE.TE x then chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "TE.TE twice chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "TE with a vertical tab", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "TE quoted", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n" + Hidden },
        { "TE with a parameter", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n" + Hidden },
        { "TE in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "TE folded", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "blank before the colon", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "tab before the colon", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length\t: 5\r\n\r\nhello" + Hidden },
        { "first line folded", "GET / HTTP/1.1\r\n Host: a\r\n\r\n" + Hidden },
        { "obs-fold", "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n" + Hidden },
        { "bare LF after a field", "GET / HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n" + Hidden },
        { "bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n" + Hidden },
        { "bare LF everywhere", "GET / HTTP/1.1\nHost: a\n\n" + Hidden },
        { "bare CR in a value", "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\rTransfer-Encoding: chunked\r\n\r\n" + Hidden },
        { "bare CR after the request line", "GET / HTTP/1.1\rHost: a\r\n\r\n" + Hidden },
        { "NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\0c\r\n\r\n" + Hidden },
        { "NUL in Connection", "GET / HTTP/1.1\r\nHost: a\r\nConnection: a\0b\r\n\r\n" + Hidden },
        { "NUL in a name", "GET / HTTP/1.1\r\nHost: a\r\nX-A\0: b\r\n\r\n" + Hidden },
        { "control byte in a name", "GET / HTTP/1.1\r\nHost: a\r\nX-\u0001: b\r\n\r\n" + Hidden },
        { "blank in a name", "GET / HTTP/1.1\r\nHost: a\r\nX A: b\r\n\r\n" + Hidden },
        { "Latin-1 in a name", "GET / HTTP/1.1\r\nHost: a\r\nX-\u00e9: b\r\n\r\n" + Hidden },
        { "no colon", "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n" + Hidden },
        { "empty name", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n" + Hidden },
        { "two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + Hidden },
        { "two equal hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n" + Hidden },
        { "no host", "GET / HTTP/1.1\r\nX-A: b\r\n\r\n" + Hidden },
        { "host and absolute-form differ", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n" + Hidden },
        { "host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n" + Hidden },
        { "host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n" + Hidden },
        { "host with a bad port", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n" + Hidden },
        { "host with a list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n" + Hidden },
        { "host with a blank", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n" + Hidden },
        { "host in Latin-1", "GET / HTTP/1.1\r\nHost: \u00e9\r\n\r\n" + Hidden },
        { "version 1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n" + Hidden },
        { "no version", "GET /\r\nHost: a\r\n\r\n" + Hidden },
        { "two blanks in the request line", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n" + Hidden },
        { "blank in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n" + Hidden },
        { "tab in the target", "GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n" + Hidden },
        { "method with a control byte", "GE\u0001T / HTTP/1.1\r\nHost: a\r\n\r\n" + Hidden },
        { "chunked body on an upgrade", "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Hidden },
        { "body on an upgrade", "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n\r\nhello" + Hidden },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Head_ThatIsAmbiguous_IsRefusedAndTheConnectionClosed(string what, string bytes)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var connection = await proxy.ConnectAsync();
        await connection.TrySendAsync(bytes);
        var reply = await connection.ReadReplyAsync();
        Assert.True(reply.Status is 400 or 505, $"{what}: {reply.StartLine}");
        Assert.True(await connection.EndsAsync(), $"{what}: the connection goes on");
        Assert.Equal(0, backend.Count);
    }

    /// <summary>The head is good, the body's framing is not: the backend must not take what it got for a whole request.</summary>
    public static readonly TheoryData<string, string> BadChunks = new()
    {
        { "size beyond 64 bits", "10000000000000005\r\nhello\r\n0\r\n\r\n" },
        { "size beyond 31 bits", "fffffffff\r\nhello\r\n0\r\n\r\n" },
        { "size below zero", "-5\r\nhello\r\n0\r\n\r\n" },
        { "size with 0x", "0x5\r\nhello\r\n0\r\n\r\n" },
        { "size is no number", "xyz\r\nhello\r\n0\r\n\r\n" },
        { "size is missing", "\r\nhello\r\n0\r\n\r\n" },
        { "size with bare LF", "5\nhello\r\n0\r\n\r\n" },
        { "size with bare CR", "5\rhello\r\n0\r\n\r\n" },
        { "extension with bare LF", "5;a\nhello\r\n0\r\n\r\n" },
        { "extension with bare CR", "5;a\rb\r\nhello\r\n0\r\n\r\n" },
        { "extension hides a chunk (CVE-2025-55315)", "2;\nxx\r\n4c\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\n\r\n0\r\n\r\n" },
        { "data longer than its size", "3\r\nhello\r\n0\r\n\r\n" },
        { "bare LF after the data", "5\r\nhello\n0\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(BadChunks))]
    public async Task Chunks_ThatAreAmbiguous_EndTheConnectionAndNoRequestIsWhole(string what, string body)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var connection = await proxy.ConnectAsync();
        await connection.TrySendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body + Hidden);
        var reply = await connection.ReadReplyAsync();
        Assert.True(reply.Status == 400, $"{what}: {reply.StartLine}");
        Assert.True(await connection.EndsAsync(), $"{what}: the connection goes on");
        Assert.DoesNotContain(backend.Seen, request => request.Whole);
        Assert.True(proxy.Health(backend).Healthy);
    }

    [Fact]
    public async Task Body_ThatLooksLikeARequest_StaysABody()
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var connection = await proxy.ConnectAsync();
        await connection.SendAsync($"POST /one HTTP/1.1\r\nHost: a\r\nContent-Length: {Hidden.Length}\r\n\r\n{Hidden}GET /two HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal(200, (await connection.ReadReplyAsync()).Status);
        Assert.Equal(200, (await connection.ReadReplyAsync()).Status);
        Assert.Equal(["POST /one HTTP/1.1", "GET /two HTTP/1.1"], backend.Seen.Select(request => request.StartLine));
        Assert.Equal(Hidden, backend.Seen.First().Text);
    }

    // Kestrel reads "+5" as 5 and tells nobody: what is forwarded must be one reading of it.
    [Fact]
    public async Task ContentLength_WithASign_IsForwardedAsItWasRead()
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var connection = await proxy.ConnectAsync();
        await connection.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello");
        Assert.Equal(200, (await connection.ReadReplyAsync()).Status);
        Assert.Equal(("5", "hello", 1), (backend.Last["Content-Length"], backend.Last.Text, backend.Count));
    }

    [Fact]
    public async Task Body_ThatNobodyRead_IsNotTheNextRequest()
    {
        await using var proxy = await ProxyFixture.StartAsync(_ => { });
        using var connection = await proxy.ConnectAsync();
        await connection.SendAsync($"POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: {Hidden.Length}\r\n\r\n{Hidden}POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(404, (await connection.ReadReplyAsync()).Status);
        Assert.Equal(404, (await connection.ReadReplyAsync()).Status);
        await connection.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        Assert.Equal(404, (await connection.ReadReplyAsync()).Status);
        Assert.True(await connection.EndsAsync());
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 4\r\n\r\nokok")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nX-A : b\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nX-A: b\0c\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 xyz OK\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("SMTP 200 OK\r\nContent-Length: 2\r\n\r\nok")]
    public async Task Response_ThatBreaksTheProtocol_IsNeverHandedToTheNextClient(string answer)
    {
        var first = true;
        await using var backend = RawBackend.Whole("west", (connection, _) =>
        {
            var reply = first ? answer + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison" : RawBackend.Ok;
            first = false;
            return connection.SendAsync(reply);
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web", new() { Retry = new(1, true, true, []) }));
        await proxy.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        var second = await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal((200, "ok"), (second.Status, second.Text));
    }
}
