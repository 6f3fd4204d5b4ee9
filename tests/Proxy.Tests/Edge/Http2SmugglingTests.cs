using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Edge;

/// <summary>HTTP/2 requests that would become something else in HTTP/1.1 (RFC 9113 8.2, 8.3, 10.3).</summary>
public class Http2SmugglingTests
{
    private const string Hidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";

    public static readonly TheoryData<string, (string, string)[]> Malformed = new()
    {
        { "transfer-encoding", [.. Http2Connection.Get("/", "POST"), ("transfer-encoding", "chunked")] },
        { "connection", [.. Http2Connection.Get("/"), ("connection", "keep-alive")] },
        { "upgrade", [.. Http2Connection.Get("/"), ("upgrade", "websocket")] },
        { "te other than trailers", [.. Http2Connection.Get("/"), ("te", "chunked")] },
        { "line break in a value", [.. Http2Connection.Get("/"), ("x-a", "b\r\nTransfer-Encoding: chunked")] },
        { "request in a value", [.. Http2Connection.Get("/"), ("x-a", "b\r\n\r\n" + Hidden)] },
        { "bare LF in a value", [.. Http2Connection.Get("/"), ("x-a", "b\nc: d")] },
        { "NUL in a value", [.. Http2Connection.Get("/"), ("x-a", "b\0c")] },
        { "line break in a name", [.. Http2Connection.Get("/"), ("x-a: b\r\nx-c", "d")] },
        { "colon in a name", [.. Http2Connection.Get("/"), ("transfer-encoding: chunked\r\nx", "d")] },
        { "upper case name", [.. Http2Connection.Get("/"), ("X-A", "b")] },
        { "blank in a name", [.. Http2Connection.Get("/"), ("x a", "b")] },
        { "line break in the path", Http2Connection.Get("/ HTTP/1.1\r\nHost: b\r\n\r\n") },
        { "blank in the path", Http2Connection.Get("/a b") },
        { "blank in the query", Http2Connection.Get("/?a b") },
        { "path without a slash", Http2Connection.Get("a") },
        { "absolute path", Http2Connection.Get("http://other.example/") },
        { "authority in the path", Http2Connection.Get("@other.example/") },
        { "empty path", Http2Connection.Get("") },
        { "asterisk path", Http2Connection.Get("*", "OPTIONS") },
        { "NUL in the path", Http2Connection.Get("/a\0b") },
        { "climb", Http2Connection.Get("/../a") },
        { "two paths", [.. Http2Connection.Get("/a"), (":path", "/b")] },
        { "two methods", [.. Http2Connection.Get("/a"), (":method", "POST")] },
        { "pseudo-header after a field", [(":method", "GET"), (":scheme", "http"), (":path", "/"), ("x-a", "b"), (":authority", "a")] },
        { "unknown pseudo-header", [.. Http2Connection.Get("/"), (":x", "b")] },
        { "no path", [(":method", "GET"), (":scheme", "http"), (":authority", "a")] },
        { "no method", [(":scheme", "http"), (":path", "/"), (":authority", "a")] },
        { "method with a line break", Http2Connection.Get("/", "GET / HTTP/1.1\r\nX: ") },
        { "method with a blank", Http2Connection.Get("/", "GET /hidden") },
        { "no authority", [(":method", "GET"), (":scheme", "http"), (":path", "/")] },
        { "authority with a user", Http2Connection.Get("/", authority: "u@a") },
        { "authority with a path", Http2Connection.Get("/", authority: "a/b") },
        { "authority with a line break", Http2Connection.Get("/", authority: "a\r\nX: b") },
        { "keep-alive", [.. Http2Connection.Get("/"), ("keep-alive", "timeout=5")] },
        { "proxy-connection", [.. Http2Connection.Get("/"), ("proxy-connection", "close")] },
        { "length below zero", [.. Http2Connection.Get("/", "POST"), ("content-length", "-1")] },
        { "two lengths", [.. Http2Connection.Get("/", "POST"), ("content-length", "0"), ("content-length", "5")] },
        { "CONNECT", [(":method", "CONNECT"), (":authority", "other.example:443")] },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Request_ThatHttp11WouldReadOtherwise_NeverReachesABackend(string what, (string, string)[] fields)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var http2 = await Http2Connection.ConnectAsync(proxy.Http.Port);
        await http2.SendHeadersAsync(1, true, fields);
        var outcome = await http2.ReadOutcomeAsync(1);
        Assert.True(outcome is "400" or "reset" or "goaway" or "closed", $"{what}: {outcome}");
        Assert.Equal(0, backend.Count);
    }

    [Theory]
    [InlineData("3", "hello" + Hidden)]
    [InlineData("500", "hello")]
    public async Task ContentLength_ThatIsNotTheBodys_NoRequestIsWhole(string length, string body)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var http2 = await Http2Connection.ConnectAsync(proxy.Http.Port);
        await http2.SendHeadersAsync(1, false, [.. Http2Connection.Get("/", "POST"), ("content-length", length)]);
        await http2.SendDataAsync(1, true, body);
        Assert.NotEqual("200", await http2.ReadOutcomeAsync(1));
        Assert.DoesNotContain(backend.Seen, request => request.Whole || request.StartLine.Contains("hidden"));
    }

    [Fact]
    public async Task Host_ThatDiffersFromAuthority_IsNeverSeen()
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web", host: new(HostMatchKind.Exact, "shop.example")));
        using var http2 = await Http2Connection.ConnectAsync(proxy.Http.Port);
        await http2.SendHeadersAsync(1, true, [.. Http2Connection.Get("/"), ("host", "shop.example"), ("host", "other.example")]);
        Assert.Equal("200", await http2.ReadOutcomeAsync(1));
        Assert.Equal("shop.example", backend.Last["Host"]);
        await http2.SendHeadersAsync(3, true, [.. Http2Connection.Get("/", authority: "other.example"), ("host", "shop.example")]);
        Assert.Equal("404", await http2.ReadOutcomeAsync(3));
    }

    [Fact]
    public async Task Body_ThatLooksLikeARequest_StaysABody()
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var http2 = await Http2Connection.ConnectAsync(proxy.Http.Port);
        await http2.SendHeadersAsync(1, false, Http2Connection.Get("/", "POST"));
        await http2.SendDataAsync(1, true, "0\r\n\r\n" + Hidden);
        Assert.Equal("200", await http2.ReadOutcomeAsync(1));
        Assert.Equal((1, "0\r\n\r\n" + Hidden), (backend.Count, backend.Last.Text));
    }
}
