using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Tests.Retry;

public class TimeoutTests
{
    // Where nobody is to answer in time, where somebody is, and where an answer is to have begun.
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(150), s_enough = TimeSpan.FromSeconds(1), s_long = TimeSpan.FromSeconds(5);
    private static readonly RoutePolicy s_read = new() { ReadTimeout = s_short };

    [Fact]
    public async Task ReadTimeout_Idempotent_AnotherIsAsked()
    {
        await using var hung = await TestBackend.StartAsync("west", HangAsync);
        await using var alive = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", hung, alive).Route("web", new() { ReadTimeout = s_enough }));
        Assert.Equal(200, (await proxy.SendAsync("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")).Status);
        Assert.Equal((1, 1, "hi"), (hung.Count, alive.Count, alive.Last.Text));
    }

    [Fact]
    public async Task ReadTimeout_NotIdempotent_Is504()
    {
        await using var hung = await TestBackend.StartAsync("west", HangAsync);
        await using var alive = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", hung, alive).Route("web", s_read));
        var reply = await proxy.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
        Assert.Equal((504, "timeout after 1 attempts\n", 0), (reply.Status, reply.Text, alive.Count));
    }

    [Fact]
    public async Task ReadTimeout_NotAsked_Is504()
    {
        await using var hung = await TestBackend.StartAsync("west", HangAsync);
        await using var alive = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", hung, alive).Route("web", s_read with { Retry = new(3, true, false, []) }));
        Assert.Equal((504, 0), ((await proxy.SendAsync(Get)).Status, alive.Count));
    }

    [Fact]
    public async Task AttemptTimeout_Idempotent_AnotherIsAsked()
    {
        await using var hung = await TestBackend.StartAsync("west", HangAsync);
        await using var alive = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", hung, alive).Route("web", new() { AttemptTimeout = s_enough }));
        Assert.Equal((200, 1, 1), ((await proxy.SendAsync(Get)).Status, hung.Count, alive.Count));
    }

    [Fact]
    public async Task AttemptTimeout_InTheMiddleOfTheBody_ClientSeesItBroken()
    {
        await using var stalling = await TestBackend.StartAsync("west", async context =>
        {
            await context.Response.WriteAsync("begun");
            await context.Response.Body.FlushAsync();
            await HangAsync(context);
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", stalling).Route("web", new() { AttemptTimeout = s_long }));
        using var client = proxy.Client();
        using var reply = await client.GetAsync(new Uri("/", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(200, (int)reply.StatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => reply.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task ReadTimeout_OfEverybody_Is504()
    {
        await using var one = await TestBackend.StartAsync("west", HangAsync);
        await using var two = await TestBackend.StartAsync("east", HangAsync);
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", one, two).Route("web", s_read));
        var reply = await proxy.SendAsync(Get);
        Assert.Equal((504, "timeout after 2 attempts\n", 1, 1), (reply.Status, reply.Text, one.Count, two.Count));
    }

    [Fact]
    public async Task ReadTimeout_InTheMiddleOfTheBody_ClientSeesItBroken()
    {
        await using var stalling = await TestBackend.StartAsync("west", async context =>
        {
            await context.Response.WriteAsync("begun");
            await context.Response.Body.FlushAsync();
            await HangAsync(context);
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", stalling).Route("web", new() { ReadTimeout = s_enough }));
        var reply = await proxy.SendAsync(Get);
        Assert.Equal((200, "begun", false, 1), (reply.Status, reply.Text, reply.Whole, stalling.Count));
    }

    [Fact]
    public async Task RequestTimeout_BoundsAllAttempts()
    {
        await using var hung = await TestBackend.StartAsync("west", HangAsync);
        await using var alive = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", hung, alive).Route("web", new() { RequestTimeout = s_short }));
        var reply = await proxy.SendAsync(Get);
        Assert.Equal((504, "timeout after 1 attempts\n", 0), (reply.Status, reply.Text, alive.Count));
    }

    [Fact]
    public async Task RequestTimeout_InTheMiddleOfTheBody_ClientSeesItBroken()
    {
        await using var stalling = await TestBackend.StartAsync("west", async context =>
        {
            await context.Response.WriteAsync("begun");
            await context.Response.Body.FlushAsync();
            await HangAsync(context);
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", stalling).Route("web", new() { RequestTimeout = s_long }));
        var reply = await proxy.SendAsync(Get);
        Assert.Equal((200, "begun", false), (reply.Status, reply.Text, reply.Whole));
    }

    [Fact]
    public async Task RetryTimeout_IsOver_NoFurtherAttemptBegins()
    {
        await using var hung = await TestBackend.StartAsync("west", HangAsync);
        await using var alive = RawBackend.Answering("east");
        var policy = s_read with { Retry = RetryPolicy.Default with { Timeout = TimeSpan.FromMilliseconds(1) } };
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", hung, alive).Route("web", policy));
        Assert.Equal((504, 0), ((await proxy.SendAsync(Get)).Status, alive.Count));
    }

    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static Task HangAsync(HttpContext context) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
}
