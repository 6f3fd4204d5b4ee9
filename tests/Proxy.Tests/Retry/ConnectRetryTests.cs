using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Tests.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClusterMesh.Proxy.Tests.Retry;

/// <summary>No connection: nothing was sent, so that everything may be sent elsewhere.</summary>
public class ConnectRetryTests
{
    [Theory]
    [InlineData("GET", 0)]
    [InlineData("POST", 0)]
    [InlineData("POST", 1000)]
    [InlineData("POST", 1_000_000)]
    [InlineData("PATCH", 70_000)]
    public async Task Refused_AnyMethodAndBody_GoesToAnother(string method, int length)
    {
        await using var dead = RawBackend.Refusing("west");
        await using var alive = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", dead, alive).Route("web"));
        var body = TestBody.Of(length);
        using var connection = await proxy.ConnectAsync();
        await connection.SendAsync($"{method} /x?y HTTP/1.1\r\nHost: a\r\n{(length > 0 ? $"Content-Length: {length}\r\n" : "")}\r\n{body}");
        Assert.Equal(200, (await connection.ReadReplyAsync()).Status);
        Assert.Equal(($"{method} /x?y HTTP/1.1", 1), (alive.Last.StartLine, alive.Count));
        Assert.Equal(body, alive.Last.Text);
    }

    [Fact]
    public async Task Refused_EjectsAtOnce_AndTheSelectionSaysWhy()
    {
        await using var dead = RawBackend.Refusing("west");
        await using var alive = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", dead, alive).Route("web"));
        Assert.Equal(PoolReason.Affinity, proxy.Selection("web").Pools[0].Reason);

        Assert.Equal(200, (await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n")).Status);

        Assert.Equal(EndReason.ConnectFailed, proxy.Health(dead).Ejection?.Reason);
        Assert.Equal((PoolReason.Failover, "east"), (proxy.Selection("web").Pools[0].Reason, proxy.Selection("web").Clusters));
        Assert.Contains("no healthy backend in west", proxy.Selection("web").Why);
        Assert.Equal((1, 1, 1), (proxy.Core.Health.Ejections, proxy.Health(dead).Repetition, alive.Count));
    }

    [Fact]
    public async Task Refused_ByEverybody_Is502AfterAllTries()
    {
        await using var one = RawBackend.Refusing("west");
        await using var two = RawBackend.Refusing("west");
        await using var three = RawBackend.Refusing("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", one, two, three).Route("web"));
        var reply = await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal((502, "connect_failed after 3 attempts\n"), (reply.Status, reply.Text));
        Assert.Equal(PoolReason.Panic, proxy.Selection("web").Pools[0].Reason);
    }

    [Fact]
    public async Task OneTry_Refused_IsNotRetried()
    {
        await using var dead = RawBackend.Refusing("west");
        await using var alive = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", dead, alive).Route("web", new() { Retry = new(1, true, true, []) }));
        Assert.Equal(502, (await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n")).Status);
        Assert.Equal(0, alive.Count);
    }

    [Fact]
    public async Task ErrorsNotAsked_Refused_IsNotRetried()
    {
        await using var dead = RawBackend.Refusing("west");
        await using var alive = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", dead, alive).Route("web", new() { Retry = new(3, false, true, []) }));
        Assert.Equal(502, (await proxy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n")).Status);
        Assert.Equal(0, alive.Count);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task ConnectTimeout_IsAConnectFailure_AndGoesToAnother(string method)
    {
        using var full = new FullBacklog();
        await using var alive = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", full.Backend, alive).Route("web", new() { ConnectTimeout = TimeSpan.FromMilliseconds(200) }));
        Assert.Equal(200, (await proxy.SendAsync($"{method} / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")).Status);
        Assert.Equal((1, "hi"), (alive.Count, alive.Last.Text));
        Assert.Equal(EndReason.ConnectFailed, proxy.Health(full.Backend).Ejection?.Reason);
    }

    [Fact]
    public async Task TlsHandshake_Fails_GoesToAnother()
    {
        await using var plain = RawBackend.Answering("west");
        await using var secure = await TestBackend.StartAsync("east", tls: true);
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", plain, secure).Route("web", new() { Protocol = BackendProtocol.Https }));
        Assert.Equal(200, (await proxy.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")).Status);
        Assert.Equal((0, 1), (plain.Count, secure.Count));
    }

    [Fact]
    public async Task Http2Upstream_Refused_GoesToAnother()
    {
        await using var dead = RawBackend.Refusing("west");
        await using var alive = await TestBackend.StartAsync("east", protocols: HttpProtocols.Http2);
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", dead, alive).Route("web", new() { Protocol = BackendProtocol.Grpc }));
        Assert.Equal(200, (await proxy.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")).Status);
        Assert.Equal(1, alive.Count);
    }
}
