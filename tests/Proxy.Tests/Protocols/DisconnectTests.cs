using ClusterMesh.Proxy.Tests.Support;
using ClusterMesh.Tests;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Tests.Protocols;

/// <summary>A client that goes away takes its request with it.</summary>
public class DisconnectTests
{
    private readonly TaskCompletionSource _arrived = new();
    private readonly TaskCompletionSource _aborted = new();

    [Fact]
    public async Task Client_LeavesBeforeTheResponse_BackendSeesTheAbort()
    {
        await using var backend = await TestBackend.StartAsync("west", HangAsync);
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        var connection = await proxy.ConnectAsync();
        await connection.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await _arrived.Task;
        connection.Reset();
        await AbortedOnceAsync(proxy, backend);
    }

    [Fact]
    public async Task Client_LeavesInTheMiddleOfTheResponse_BackendSeesTheAbort()
    {
        await using var backend = await TestBackend.StartAsync("west", async context =>
        {
            await context.Response.WriteAsync("first");
            await context.Response.Body.FlushAsync();
            await HangAsync(context);
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        var connection = await proxy.ConnectAsync();
        await connection.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal(200, (await connection.ReadHeadAsync())!.Status);
        connection.Dispose();
        await AbortedOnceAsync(proxy, backend);
    }

    [Fact]
    public async Task Client_LeavesInTheMiddleOfItsBody_BackendNeverSeesAnEnd()
    {
        await using var backend = await TestBackend.StartAsync("west", async context =>
        {
            _arrived.SetResult();
            try
            {
                await context.Request.Body.CopyToAsync(Stream.Null);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                _aborted.SetResult();
            }
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        var connection = await proxy.ConnectAsync();
        await connection.SendAsync("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        await _arrived.Task;
        connection.Reset();
        await AbortedOnceAsync(proxy, backend);
    }

    [Fact]
    public async Task Http2Stream_ResetByTheClient_BackendSeesTheAbort()
    {
        await using var backend = await TestBackend.StartAsync("west", HangAsync);
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var http2 = await Http2Connection.ConnectAsync(proxy.Http.Port);
        await http2.SendHeadersAsync(1, true, Http2Connection.Get("/"));
        await _arrived.Task;
        await http2.ResetAsync(1);
        await AbortedOnceAsync(proxy, backend);
    }

    private async Task HangAsync(HttpContext context)
    {
        context.RequestAborted.Register(() => _aborted.TrySetResult());
        _arrived.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
    }

    // Nobody is asked again, and nobody is blamed.
    private async Task AbortedOnceAsync(ProxyFixture proxy, TestBackend backend)
    {
        await _aborted.Task.WaitAsync(TimeSpan.FromSeconds(15));
        await Eventually.TrueAsync(() => proxy.Health(backend).InFlight == 0, "the attempt is over");
        Assert.Equal((1, true), (backend.Count, proxy.Health(backend).Healthy));
    }
}
