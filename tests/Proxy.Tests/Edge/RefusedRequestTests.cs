using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Edge;

/// <summary>Refused for what they ask, not for how they are written: paths, methods, sizes.</summary>
public class RefusedRequestTests
{
    [Theory]
    [InlineData("/..")]
    [InlineData("/../etc/passwd")]
    [InlineData("/a/../../b")]
    [InlineData("/%2e%2e/a")]
    [InlineData("/.%2E/a")]
    [InlineData("/a/./../../b")]
    [InlineData("/%00")]
    [InlineData("/a%00b")]
    [InlineData("/%")]
    [InlineData("/%4")]
    [InlineData("/%zz")]
    [InlineData("/a\u0001")]
    [InlineData("/a\u007f")]
    [InlineData("/a\u00e9")]
    [InlineData("/a#b")]
    [InlineData("/?a#b")]
    [InlineData("/?a\u007f")]
    [InlineData("/?a\u0001")]
    [InlineData("a")]
    [InlineData("?a")]
    [InlineData("*")]
    [InlineData("ftp:/x")]
    [InlineData("http://shop.example/../a")]
    [InlineData("http:///a")]
    public async Task Target_ThatIsNoPath_IsRefused(string target)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        var reply = await proxy.SendAsync($"GET {target} HTTP/1.1\r\nHost: shop.example\r\n\r\n");
        Assert.True(reply.Status is 400 or 405, reply.StartLine);
        Assert.Equal(0, backend.Count);
    }

    [Theory]
    [InlineData("TRACE /")]
    [InlineData("CONNECT shop.example:80")]
    [InlineData("CONNECT /")]
    [InlineData("OPTIONS *")]
    [InlineData("get /")]
    [InlineData("Get /")]
    [InlineData("pOsT /")]
    public async Task Method_ThatNoBackendShouldSee_IsRefused(string line)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        var reply = await proxy.SendAsync($"{line} HTTP/1.1\r\nHost: shop.example:80\r\n\r\n", head: true);
        Assert.True(reply.Status is 400 or 405, reply.StartLine);
        Assert.Equal(0, backend.Count);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("PROPFIND")]
    [InlineData("M-SEARCH")]
    [InlineData("X_Y")]
    public async Task Method_Other_IsForwardedAsItIs(string method)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        Assert.Equal(200, (await proxy.SendAsync($"{method} /x HTTP/1.1\r\nHost: a\r\n\r\n")).Status);
        Assert.Equal($"{method} /x HTTP/1.1", backend.Last.StartLine);
    }

    public static readonly TheoryData<string, string, int> Oversized = new()
    {
        { "header of 2 MiB", $"GET / HTTP/1.1\r\nHost: a\r\nX-A: {new string('a', 2 << 20)}\r\n\r\n", 431 },
        { "many headers of 2 MiB", $"GET / HTTP/1.1\r\nHost: a\r\n{string.Concat(Enumerable.Range(0, 150).Select(i => $"X-{i}: {new string('a', 14_000)}\r\n"))}\r\n", 431 },
        { "name of 2 MiB", $"GET / HTTP/1.1\r\nHost: a\r\n{new string('a', 2 << 20)}: b\r\n\r\n", 431 },
        { "201 headers", $"GET / HTTP/1.1\r\nHost: a\r\n{string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: a\r\n"))}\r\n", 431 },
        { "long request line", $"GET /{new string('a', 20_000)} HTTP/1.1\r\nHost: a\r\n\r\n", 414 },
        { "long method", $"{new string('A', 20_000)} / HTTP/1.1\r\nHost: a\r\n\r\n", 414 },
        { "request line that never ends", new string('G', 2 << 20), 414 },
    };

    [Theory]
    [MemberData(nameof(Oversized))]
    public async Task Head_ThatIsTooLarge_IsRefusedAndTheConnectionClosed(string what, string bytes, int status)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var connection = await proxy.ConnectAsync();
        var sending = connection.TrySendAsync(bytes);
        var reply = await connection.ReadReplyAsync();
        Assert.True(reply.Status == status, $"{what}: {reply.StartLine}");
        Assert.True(await connection.EndsAsync(), what);
        await sending;
        Assert.Equal(0, backend.Count);
    }

    [Fact]
    public async Task Http2_TooManyFields_AreRefused()
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var http2 = await Http2Connection.ConnectAsync(proxy.Http.Port);
        await http2.SendHeadersAsync(1, true, [.. Http2Connection.Get("/"), .. Enumerable.Range(0, 201).Select(i => ($"x-{i}", "a"))]);
        Assert.NotEqual("200", await http2.ReadOutcomeAsync(1));
        Assert.Equal(0, backend.Count);
    }

    [Fact]
    public async Task Head_JustWithinTheBounds_Passes()
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        var headers = string.Concat(Enumerable.Range(0, 198).Select(i => $"X-{i}: {new string('a', 300)}\r\n"));
        Assert.Equal(200, (await proxy.SendAsync($"GET /{new string('a', 15_000)} HTTP/1.1\r\nHost: a\r\n{headers}\r\n")).Status);
        Assert.Equal(198, backend.Last.Headers.Count(header => header.Value.Length == 300));
    }

    [Fact]
    public async Task Response_WithTooManyHeaderBytes_Is502()
    {
        await using var backend = RawBackend.Answering("west", $"HTTP/1.1 200 OK\r\nX-A: {new string('a', 200_000)}\r\nContent-Length: 0\r\n\r\n");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web", new() { Retry = new(1, true, true, []) }));
        Assert.Equal(502, (await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n")).Status);
    }

    [Fact]
    public async Task Server_Header_IsNotAdded()
    {
        await using var proxy = await ProxyFixture.StartAsync(_ => { });
        Assert.Null((await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))["Server"]);
        Assert.Null((await proxy.SendAsync("nonsense\r\n\r\n"))["Server"]);
    }
}
