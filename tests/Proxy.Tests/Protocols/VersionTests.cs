using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Tests.Support;
using ClusterMesh.Tests;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClusterMesh.Proxy.Tests.Protocols;

/// <summary>Each version of HTTP on the client's side over each on the backend's side.</summary>
public class VersionTests
{
    [Theory]
    [InlineData("1.1", false, BackendProtocol.Http)]
    [InlineData("2.0", false, BackendProtocol.Http)]
    [InlineData("1.1", true, BackendProtocol.Http)]
    [InlineData("2.0", true, BackendProtocol.Http)]
    [InlineData("1.1", false, BackendProtocol.Https)]
    [InlineData("2.0", true, BackendProtocol.Https)]
    [InlineData("1.1", false, BackendProtocol.Grpc)]
    [InlineData("2.0", false, BackendProtocol.Grpc)]
    [InlineData("2.0", true, BackendProtocol.Grpcs)]
    public async Task Request_OfAnyVersion_ReachesBackendInItsOwn(string version, bool tls, BackendProtocol protocol)
    {
        var http2 = protocol is BackendProtocol.Grpc or BackendProtocol.Grpcs;
        await using var backend = await TestBackend.StartAsync(
            "west", protocols: http2 ? HttpProtocols.Http2 : HttpProtocols.Http1, tls: protocol is BackendProtocol.Https or BackendProtocol.Grpcs);
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web", new() { Protocol = protocol }));

        using var request = new HttpRequestMessage(HttpMethod.Post, "/a?b=c") { Version = new(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new StringContent("hello") };
        using var reply = await proxy.Client(new(version), tls).SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(new Version(version), reply.Version);
        Assert.Equal("west", await reply.Content.ReadAsStringAsync());
        Assert.Equal(http2 ? "HTTP/2" : "HTTP/1.1", backend.Last.Protocol);
        Assert.Equal(("POST", "/a?b=c"), (backend.Last.Method, backend.Last.Target));
        Assert.Equal(tls ? "https" : "http", backend.Last["X-Forwarded-Proto"]);
    }

    [Fact]
    public async Task Targets_OfOneRoute_EachSpeaksItsOwn()
    {
        await using var plain = await TestBackend.StartAsync("plain");
        await using var h2 = await TestBackend.StartAsync("h2", protocols: HttpProtocols.Http2);
        await using var tls = await TestBackend.StartAsync("tls", tls: true);
        await using var shadow = await TestBackend.StartAsync("shadow", protocols: HttpProtocols.Http2);
        var filters = new RouteFilters { Mirrors = [new(MeshBuilder.Key("shadow"), 80, 1, 1) { Protocol = BackendProtocol.Grpc }] };
        TargetModel[] targets = [MeshBuilder.Target("plain", 1), MeshBuilder.Target("h2", 1) with { Protocol = BackendProtocol.Grpc }, MeshBuilder.Target("tls", 1) with { Protocol = BackendProtocol.Https }];
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("plain", plain).Service("h2", h2).Service("tls", tls).Service("shadow", shadow)
            .Route(new SplitModel([.. targets]) { Strict = true }).Filtered(filters));

        for (var i = 0; i < 30; i++) Assert.Equal(200, (await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n")).Status);

        Assert.Equal((10, 10, 10), (plain.Count, h2.Count, tls.Count));
        await Eventually.TrueAsync(() => proxy.Core.Mirroring.Sent == 30, "the copies are answered");
    }

    [Theory]
    [InlineData("h2,http/1.1", "h2")]
    [InlineData("http/1.1", "http/1.1")]
    [InlineData("", "")]
    public async Task Alpn_OffersBoth_AgreesOnTheBest(string offered, string agreed)
    {
        await using var proxy = await ProxyFixture.StartAsync(_ => { });
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, proxy.Https.Port);
        await using var tls = new SslStream(socket.GetStream(), false, static (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "clustermesh.test",
            ApplicationProtocols = [.. offered.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => new SslApplicationProtocol(name))],
        });
        Assert.Equal(agreed, tls.NegotiatedApplicationProtocol.ToString());
    }

    [Fact]
    public async Task Http10_WithoutKeepAlive_GetsAReplyAndAClosedConnection()
    {
        await using var backend = await TestBackend.StartAsync("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var connection = await proxy.ConnectAsync();
        await connection.SendAsync("GET /old HTTP/1.0\r\nHost: shop.example\r\n\r\n");
        var reply = await connection.ReadReplyAsync();
        Assert.Equal((200, "west", null), (reply.Status, reply.Text, reply["Transfer-Encoding"]));
        Assert.True(await connection.EndsAsync());
        Assert.Equal("/old", backend.Last.Target);
    }

    [Fact]
    public async Task PlainPort_FirstBytesComeOneByOne_StillKnowsTheProtocol()
    {
        await using var backend = await TestBackend.StartAsync("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var connection = await proxy.ConnectAsync();
        foreach (var c in "PROPFIND / HTTP/1.1\r\nHost: a\r\n\r\n") await connection.SendAsync($"{c}");
        Assert.Equal(200, (await connection.ReadReplyAsync()).Status);
        Assert.Equal("PROPFIND", backend.Last.Method);
    }

    [Fact]
    public async Task PlainPort_ConnectionThatSaysNothing_DoesNotHoldUpTheStop()
    {
        await using var proxy = await ProxyFixture.StartAsync(_ => { });
        using var silent = await proxy.ConnectAsync();
        Assert.Equal(404, (await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n")).Status);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await proxy.StopServerAsync(patience.Token);
        Assert.False(patience.IsCancellationRequested);
    }
}
