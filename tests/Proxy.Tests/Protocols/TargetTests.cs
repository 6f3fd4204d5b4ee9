using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Protocols;

/// <summary>The request target: one normal form, matched and forwarded; the query untouched; Host kept.</summary>
public class TargetTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a/b%2Fc", "/a/b%2Fc")]
    [InlineData("/a%2fb", "/a%2Fb")]
    [InlineData("/a%5Cb", "/a%5Cb")]
    [InlineData("/a/./b/../c", "/a/c")]
    [InlineData("/a/%2e%2E/b", "/b")]
    [InlineData("/a//b///c", "/a/b/c")]
    [InlineData("/a+b;c=d,e", "/a+b;c=d,e")]
    [InlineData("/a;v=1/b", "/a;v=1/b")]
    [InlineData("/%C3%A9", "/%C3%A9")]
    [InlineData("/%e6%97%a5", "/%E6%97%A5")]
    [InlineData("/%41%7E", "/A~")]
    [InlineData("/a%20b", "/a%20b")]
    [InlineData("/a%25b%252e", "/a%25b%252e")]
    [InlineData("/a:b@c!$&'()*", "/a:b@c!$&'()*")]
    [InlineData("/a/", "/a/")]
    [InlineData("/?", "/?")]
    [InlineData("/?a=%2F&b=/../x&c=//", "/?a=%2F&b=/../x&c=//")]
    [InlineData("/?a=b+c%20d&é=x", null)]
    [InlineData("/?q=%zz%", "/?q=%zz%")]
    [InlineData("/?q=[]{}|\\^`\"<>", "/?q=[]{}|\\^`\"<>")]
    [InlineData("/?q=?a=?", "/?q=?a=?")]
    [InlineData("/x?%00", "/x?%00")]
    [InlineData("http://shop.example/a/b?c", "/a/b?c")]
    [InlineData("http://shop.example", "/")]
    [InlineData("http://shop.example?x=1", "/?x=1")]
    [InlineData("http://shop.example/a/../b", "/b")]
    public async Task Target_OfAnyForm_IsForwardedInOneForm(string target, string? seen)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        var reply = await proxy.SendAsync($"GET {target} HTTP/1.1\r\nHost: shop.example\r\n\r\n");
        if (seen is null)
        {
            Assert.Equal((400, 0), (reply.Status, backend.Count));
            return;
        }

        Assert.Equal(200, reply.Status);
        Assert.Equal($"GET {seen} HTTP/1.1", backend.Last.StartLine);
    }

    [Theory]
    [InlineData("/public/../admin", "admin")]
    [InlineData("/public/%2e%2e/admin/x", "admin")]
    [InlineData("//admin", "admin")]
    [InlineData("/%61dmin", "admin")]
    [InlineData("/admin%2Fx", "public")]
    [InlineData("/public/..%2Fadmin", "public")]
    [InlineData("/Admin", "public")]
    [InlineData("/adminx", "public")]
    public async Task Path_InAnySpelling_IsMatchedAsItIsForwarded(string path, string service)
    {
        await using var @public = RawBackend.Answering("west", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npublic");
        await using var admin = RawBackend.Answering("west", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nadmin");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh
            .Service("public", @public).Service("admin", admin).Route("public").Route("admin", path: "/admin"));
        Assert.Equal(service, (await proxy.SendAsync($"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n")).Text);
    }

    [Theory]
    [InlineData("shop.example", "shop.example")]
    [InlineData("SHOP.example:8080", "SHOP.example:8080")]
    [InlineData("10.0.0.1:80", "10.0.0.1:80")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("a_b.example", "a_b.example")]
    public async Task Host_IsKept(string host, string seen)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        Assert.Equal(200, (await proxy.SendAsync($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")).Status);
        Assert.Equal((seen, seen), (backend.Last["Host"], backend.Last["X-Forwarded-Host"]));
    }

    [Theory]
    [InlineData("shop.example", "exact")]
    [InlineData("Shop.Example:8080", "exact")]
    [InlineData("a.shop.example", "wildcard")]
    [InlineData("a.b.shop.example", "")]
    [InlineData("other.example", "")]
    public async Task Host_WithPortAndCase_IsMatchedByName(string host, string service)
    {
        await using var exact = RawBackend.Answering("west", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nexact");
        await using var wildcard = RawBackend.Answering("west", "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nwildcard");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("exact", exact).Service("wildcard", wildcard)
            .Route("exact", host: new(HostMatchKind.Exact, "shop.example")).Route("wildcard", host: new(HostMatchKind.OneLabel, "shop.example")));
        var reply = await proxy.SendAsync($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
        Assert.Equal(service.Length > 0 ? (200, service) : (404, "no route for this host and path\n"), (reply.Status, reply.Text));
    }

    [Fact]
    public async Task Http2_Authority_IsTheHost()
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web", host: new(HostMatchKind.Exact, "shop.example")));
        using var http2 = await Http2Connection.ConnectAsync(proxy.Http.Port);
        await http2.SendHeadersAsync(1, true, Http2Connection.Get("/a%2Fb/../c//d?e=//"));
        Assert.Equal("200", await http2.ReadOutcomeAsync(1));
        Assert.Equal(("GET /c/d?e=// HTTP/1.1", "shop.example"), (backend.Last.StartLine, backend.Last["Host"]));
    }
}
