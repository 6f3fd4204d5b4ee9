using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Protocols;

/// <summary>Fields cross byte for byte, whatever their encoding.</summary>
public class HeaderBytesTests
{
    // As Latin-1 text: UTF-8 for "é" and "日", lone Latin-1 bytes that are no UTF-8, and a tab.
    public static readonly TheoryData<string> Values = ["\u00c3\u00a9", "\u00e6\u0097\u00a5", "caf\u00e9", "\u00ff\u0080", "a\tb", "\"q, w\"; x=1", "%00", "a  b"];

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Request_FieldValue_ArrivesByteForByte(string value)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        Assert.Equal(200, (await proxy.SendAsync($"GET / HTTP/1.1\r\nHost: a\r\nX-Odd: {value}\r\nReferer: {value}\r\n\r\n")).Status);
        Assert.Equal((value, value), (backend.Last["X-Odd"], backend.Last["Referer"]));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Response_FieldValue_ArrivesByteForByte(string value)
    {
        await using var backend = RawBackend.Answering("west", $"HTTP/1.1 302 Found\r\nX-Odd: {value}\r\nLocation: /{value}\r\nContent-Disposition: {value}\r\nContent-Length: 0\r\n\r\n");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        var reply = await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal((302, value, "/" + value, value), (reply.Status, reply["X-Odd"], reply["Location"], reply["Content-Disposition"]));
    }

    [Fact]
    public async Task Request_OddButLegalFields_ArriveAsSent()
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        await proxy.SendAsync(
            "GET / HTTP/1.1\r\nHost: a\r\nX-Empty:\r\nx-Two: 1\r\nX-two: 2\r\nCookie: a=1; b=\"2\"\r\nCookie: c=3\r\nAccept: text/html, */*;q=0.1\r\nUser-Agent: a (b; c) d/1\r\n"
            + "If-None-Match: W/\"x\", \"y\"\r\nDate: not a date\r\nContent-Type: ;;odd\r\n$!#&'*+.^_`|~1: token\r\n\r\n");
        var seen = backend.Last;
        Assert.Equal(("", "1, 2", "a=1; b=\"2\"; c=3"), (seen["X-Empty"], seen["X-Two"]!.Replace(" | ", ", "), seen["Cookie"]!.Replace(" | ", "; ")));
        Assert.Equal(("text/html, */*;q=0.1", "a (b; c) d/1", "W/\"x\", \"y\""), (seen["Accept"], seen["User-Agent"], seen["If-None-Match"]));
        Assert.Equal(("not a date", "token"), (seen["Date"], seen["$!#&'*+.^_`|~1"]));
    }

    [Theory]
    [InlineData("GET", "Content-Type: application/json")]
    [InlineData("GET", "Expires: 0")]
    [InlineData("DELETE", "Last-Modified: Wed, 21 Oct 2015 07:28:00 GMT")]
    [InlineData("OPTIONS", "Content-Language: de")]
    [InlineData("POST", "Content-Type: text/plain")]
    [InlineData("PROPFIND", "Allow: GET")]
    public async Task Request_WithoutABody_KeepsItsContentFields(string method, string field)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        Assert.Equal(200, (await proxy.SendAsync($"{method} / HTTP/1.1\r\nHost: a\r\n{field}\r\n\r\n")).Status);
        Assert.Equal((field.Split(": ")[1], ""), (backend.Last[field.Split(": ")[0]], backend.Last.Text));
    }

    [Fact]
    public async Task Response_RepeatedFields_StayApart()
    {
        await using var backend = RawBackend.Answering("west", "HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT\r\nSet-Cookie: b=2\r\nServer: nginx\r\nDate: Wed, 21 Oct 2015 07:28:00 GMT\r\nContent-Length: 2\r\n\r\nok");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        var reply = await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT | b=2", reply["Set-Cookie"]);
        Assert.Equal(("nginx", "Wed, 21 Oct 2015 07:28:00 GMT"), (reply["Server"], reply["Date"]));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Headers_ManyOfThem_AllArriveBothWays(string version)
    {
        await using var backend = await TestBackend.StartAsync("west", context =>
        {
            for (var i = 0; i < 150; i++) context.Response.Headers[$"x-back-{i}"] = new string('b', 100);
            return Task.CompletedTask;
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Version = new(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        for (var i = 0; i < 150; i++) request.Headers.Add($"x-to-{i}", new string('a', 100));
        using var reply = await proxy.Client(new(version)).SendAsync(request);
        Assert.Equal(150, reply.Headers.Count(header => header.Key.StartsWith("x-back-")));
        Assert.Equal(150, backend.Last.Headers.Count(header => header.Key.StartsWith("x-to-") && header.Value[0].Length == 100));
    }

    [Fact]
    public async Task Http2_CookieCrumbs_AreOneCookieForAnHttp1Backend()
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var http2 = await Http2Connection.ConnectAsync(proxy.Http.Port);
        await http2.SendHeadersAsync(1, true, [.. Http2Connection.Get("/"), ("cookie", "a=1"), ("cookie", "b=2")]);
        Assert.Equal("200", await http2.ReadOutcomeAsync(1));
        Assert.Equal("a=1; b=2", backend.Last["Cookie"]);
    }
}
