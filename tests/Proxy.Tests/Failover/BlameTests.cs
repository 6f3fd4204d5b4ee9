using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Tests.Support;
using ClusterMesh.Tests;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Tests.Failover;

/// <summary>Passive health blames a backend for what it did, never for what its clients do.</summary>
public class BlameTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static readonly RoutePolicy s_impatient = new() { ReadTimeout = TimeSpan.FromMilliseconds(200) };

    [Fact]
    public async Task Backend_BreaksItsBodies_IsEjectedForResets()
    {
        await using var bad = RawBackend.Whole("west", async (connection, _) =>
        {
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\na part");
            connection.Dispose();
        });
        await EjectsAsync(bad, new(), Get, EndReason.Reset);
    }

    [Fact]
    public async Task Backend_StallsInItsBodies_IsEjectedForTimeouts()
    {
        await using var bad = RawBackend.Answering("west", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\na part");
        await EjectsAsync(bad, s_impatient, Get, EndReason.Timeout);
    }

    [Fact]
    public async Task Backend_StallsInItsStreams_IsEjectedForTimeouts()
    {
        await using var bad = RawBackend.Answering("west", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\na part\r\n");
        await EjectsAsync(bad, s_impatient, Get, EndReason.Timeout);
    }

    [Fact]
    public async Task Backend_TakesLongerThanTheRequestMay_IsEjectedForTimeouts()
    {
        await using var bad = RawBackend.Answering("west", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\na part");
        await EjectsAsync(bad, new() { RequestTimeout = TimeSpan.FromMilliseconds(200) }, Get, EndReason.Timeout);
    }

    // A write that is given up may look like one that was reset: .NET lets the kernel reset it.
    [Fact]
    public async Task Backend_DoesNotReadBodies_IsEjected()
    {
        await using var bad = await TestBackend.StartAsync("west", HangAsync);
        await EjectsAsync(bad, s_impatient, $"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {16 << 20}\r\n\r\n{new string('x', 16 << 20)}", EndReason.Timeout, EndReason.Reset);
    }

    [Fact]
    public async Task Client_StallsItsBody_Is408AndNobodyIsBlamed()
    {
        await using var backend = await TestBackend.StartAsync("west", context => context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted));
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web", s_impatient));
        await NobodyIsBlamedAsync(proxy, backend, async connection =>
        {
            await connection.SendAsync("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
            Assert.Equal(408, (await connection.ReadReplyAsync()).Status);
        });
    }

    [Fact]
    public async Task Client_DoesNotReadItsResponse_NobodyIsBlamed()
    {
        var block = new byte[1 << 20];
        await using var backend = await TestBackend.StartAsync("west", async context =>
        {
            while (true) await context.Response.Body.WriteAsync(block, context.RequestAborted);
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web", s_impatient));
        await NobodyIsBlamedAsync(proxy, backend, async connection =>
        {
            await connection.SendAsync(Get);
            Assert.Equal(200, (await connection.ReadHeadAsync())!.Status);
            await Eventually.TrueAsync(() => proxy.Health(backend).InFlight == 0, "the stalled response is given up");
        });
    }

    [Fact]
    public async Task Client_LeavesInTheMiddle_NobodyIsBlamed()
    {
        await using var backend = RawBackend.Answering("west", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\na part");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        await NobodyIsBlamedAsync(proxy, backend, async connection =>
        {
            await connection.SendAsync(Get);
            Assert.Equal(200, (await connection.ReadHeadAsync())!.Status);
            connection.Reset();
        });
    }

    [Fact]
    public async Task WebSocket_IdlesOut_NobodyIsBlamed()
    {
        await using var backend = RawBackend.Answering("west", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web", s_impatient));
        await NobodyIsBlamedAsync(proxy, backend, async connection =>
        {
            await connection.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n");
            Assert.Equal(101, (await connection.ReadReplyAsync()).Status);
            Assert.True(await connection.EndsAsync());
        });
    }

    private static async Task EjectsAsync(ITestBackend bad, RoutePolicy policy, string request, params EndReason[] reasons)
    {
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", bad).Route("web", policy));
        for (var i = 0; i < 20 && proxy.Health(bad).Ejection is null; i++)
        {
            using var connection = await proxy.ConnectAsync();
            await connection.TrySendAsync(request);
            await connection.ReadReplyAsync();
            await Eventually.TrueAsync(() => proxy.Health(bad).InFlight == 0, "the attempt is over");
        }

        Assert.Contains(proxy.Health(bad).Ejection!.Reason, reasons);
    }

    private static async Task NobodyIsBlamedAsync(ProxyFixture proxy, ITestBackend backend, Func<RawConnection, Task> misbehave)
    {
        for (var i = 0; i < 6; i++)
        {
            using var connection = await proxy.ConnectAsync();
            await misbehave(connection);
        }

        await Eventually.TrueAsync(() => proxy.Health(backend).InFlight == 0, "all attempts are over");
        Assert.Equal((6, true), (backend.Count, proxy.Health(backend).Healthy));
    }

    private static Task HangAsync(HttpContext context) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
}
