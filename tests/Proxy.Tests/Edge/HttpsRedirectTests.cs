using System.Net;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Edge;

public class HttpsRedirectTests
{
    [Theory]
    [InlineData(HttpsRedirect.WhenTls, 443, "shop.example", "https://shop.example/a/b?c=d")]
    [InlineData(HttpsRedirect.WhenTls, 8443, "shop.example", "https://shop.example:8443/a/b?c=d")]
    [InlineData(HttpsRedirect.WhenTls, 8443, "shop.example:8080", "https://shop.example:8443/a/b?c=d")]
    [InlineData(HttpsRedirect.WhenTls, 443, "[::1]:8080", "https://[::1]/a/b?c=d")]
    [InlineData(HttpsRedirect.WhenTls, null, "shop.example", null)]
    [InlineData(HttpsRedirect.Always, null, "shop.example:8080", "https://shop.example/a/b?c=d")]
    [InlineData(HttpsRedirect.Always, 8443, "shop.example", "https://shop.example:8443/a/b?c=d")]
    [InlineData(HttpsRedirect.Never, 443, "shop.example", null)]
    public async Task Plain_IsRedirectedAsTheRouteSays(HttpsRedirect mode, int? port, string host, string? location)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await StartAsync(backend, mode, port);
        var reply = await proxy.SendAsync($"POST /a//x/../b?c=d HTTP/1.1\r\nHost: {host}\r\nContent-Length: 2\r\n\r\nhi");
        Assert.Equal(location is null ? (200, null, 1) : (308, location, 0), (reply.Status, reply["Location"], backend.Count));
    }

    [Fact]
    public async Task Tls_IsNotRedirected()
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await StartAsync(backend, HttpsRedirect.Always, 443);
        using var reply = await proxy.Client(tls: true).GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
    }

    [Theory]
    [InlineData("127.0.0.0/8", 200)]
    [InlineData("10.0.0.0/8", 308)]
    public async Task Proxy_SaysItWasTls_IsBelievedWhenTrusted(string trusted, int status)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await StartAsync(backend, HttpsRedirect.WhenTls, 443, trusted);
        Assert.Equal(status, (await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: https\r\n\r\n")).Status);
    }

    private static Task<ProxyFixture> StartAsync(RawBackend backend, HttpsRedirect mode, int? port, string? trusted = null) => ProxyFixture.StartAsync(
        mesh => mesh.Service("web", backend).Route("web", new() { HttpsRedirect = mode }),
        new() { Cluster = MeshBuilder.Local, Edge = new() { HttpsPort = port, TrustedProxies = trusted is null ? [] : [IPNetwork.Parse(trusted)] } });
}
