using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Filters;

public sealed class RedirectTests
{
    [Theory]
    [InlineData("a.example", null, null, null, null, "http://a.example/old/x?q=1")]
    [InlineData("a.example:8080", null, null, null, null, "http://a.example:8080/old/x?q=1")]
    [InlineData("a.example:8080", "https", null, null, null, "https://a.example/old/x?q=1")]
    [InlineData("a.example", "https", null, 8443, null, "https://a.example:8443/old/x?q=1")]
    [InlineData("a.example:8080", null, null, 80, null, "http://a.example/old/x?q=1")]
    [InlineData("a.example", "https", null, 80, null, "https://a.example:80/old/x?q=1")]
    [InlineData("a.example", null, "b.example", null, "/new", "http://b.example/new/x?q=1")]
    [InlineData("[::1]:99", null, null, null, null, "http://[::1]:99/old/x?q=1")]
    public async Task Redirect_Parts_TheRestStaysAsItWasAsked(string host, string? scheme, string? to, int? port, string? prefix, string location)
    {
        await using var backend = RawBackend.Answering("west");
        var redirect = new RequestRedirect(scheme, to, port, prefix is null ? null : new(PathEditKind.ReplacePrefixMatch, prefix), 301);
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Filtered("web", new() { Redirect = redirect }, "/old"));
        var reply = await proxy.SendAsync($"GET /old/x?q=1 HTTP/1.1\r\nHost: {host}\r\n\r\n");
        Assert.Equal((301, location, 0), (reply.Status, reply["Location"], backend.Count));
    }

    [Fact]
    public async Task Redirect_OfAFrontend_NamesThePortThatWasAsked()
    {
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Frontend("web", "web", filters: new() { Redirect = new(null, "b.example", null, null) }, port: 9080));
        var reply = await proxy.SendAsync($"GET / HTTP/1.1\r\nHost: web\r\n{ProxyFixture.FrontendHeader}: web:9080\r\n\r\n");
        Assert.Equal((302, "http://b.example:9080/"), (reply.Status, reply["Location"]));
    }

    [Fact]
    public async Task BrokenRoute_Is500AndAsksNobody()
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Filtered("web", new() { Broken = "the filter CORS" }));
        var reply = await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal((500, "this route cannot be followed as it is written\n", 0), (reply.Status, reply.Text, backend.Count));
    }
}
