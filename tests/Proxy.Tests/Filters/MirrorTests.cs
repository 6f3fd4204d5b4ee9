using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Tests.Support;
using ClusterMesh.Tests;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Tests.Filters;

/// <summary>RequestMirror: a copy goes, its answer does not come, and nobody waits.</summary>
public sealed class MirrorTests
{
    private const string Get = "GET /a?b=c HTTP/1.1\r\nHost: a\r\nX-Own: 1\r\n\r\n";

    [Fact]
    public async Task Mirror_WithoutBody_GetsTheSameRequestAndItsAnswerIsDropped()
    {
        await using var backend = await TestBackend.StartAsync("west");
        await using var shadow = await TestBackend.StartAsync("shadow", context =>
        {
            context.Response.StatusCode = 500;
            return context.Response.WriteAsync("broken");
        });
        await using var proxy = await StartAsync(backend, shadow, 1, 1);
        var reply = await proxy.SendAsync(Get);
        Assert.Equal((200, "west"), (reply.Status, reply.Text));
        await Eventually.TrueAsync(() => proxy.Core.Mirroring.Sent == 1, "the copy is answered");
        Assert.Equal(("GET", "/a?b=c", "1", "a"), (shadow.Last.Method, shadow.Last.Target, shadow.Last["X-Own"], shadow.Last["Host"]));
    }

    [Fact]
    public async Task Mirror_WithBody_GetsItWhole()
    {
        var mirrored = new TaskCompletionSource<string>();
        await using var backend = await TestBackend.StartAsync("west", ReadAsync);
        await using var shadow = await TestBackend.StartAsync("shadow", async context => mirrored.SetResult(await new StreamReader(context.Request.Body).ReadToEndAsync()));
        await using var proxy = await StartAsync(backend, shadow, 1, 1);
        Assert.Equal(200, (await proxy.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")).Status);
        Assert.Equal("hello", await mirrored.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal("text/x", shadow.Last["Content-Type"]);
    }

    [Fact]
    public async Task Mirror_BodyTooLarge_IsDroppedAndTheRequestIsNot()
    {
        await using var backend = await TestBackend.StartAsync("west", ReadAsync);
        await using var shadow = await TestBackend.StartAsync("shadow");
        await using var proxy = await StartAsync(backend, shadow, 1, 1);
        Assert.Equal(200, (await proxy.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n{new string('x', 70_000)}")).Status);
        await Eventually.TrueAsync(() => proxy.Core.Mirroring.Dropped == 1, "the copy is dropped");
        Assert.Equal(0, shadow.Count);
    }

    [Fact]
    public async Task Mirror_NeverAnswers_TheRequestsAreServedAndCopiesAreBounded()
    {
        await using var backend = RawBackend.Answering("west");
        await using var shadow = await TestBackend.StartAsync("shadow", static context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        // On a slow machine the first copies would be given up before the last one is made.
        await using var proxy = await StartAsync(backend, shadow, 1, 1, new WithoutTimers());
        using var client = proxy.Client();
        for (var i = 0; i < ClusterMesh.Proxy.Filters.Mirroring.Most + 5; i++) Assert.Equal(200, (int)(await client.GetAsync(new Uri("/", UriKind.Relative))).StatusCode);
        Assert.Equal((5, 0), (proxy.Core.Mirroring.Dropped, proxy.Core.Mirroring.Sent));
    }

    [Fact]
    public async Task Mirror_Refuses_TheRequestIsServed()
    {
        await using var backend = RawBackend.Answering("west");
        await using var shadow = RawBackend.Refusing("shadow");
        await using var proxy = await StartAsync(backend, shadow, 1, 1);
        Assert.Equal(200, (await proxy.SendAsync(Get)).Status);
        await Eventually.TrueAsync(() => proxy.Core.Mirroring.Failed == 1, "the copy fails");
    }

    [Fact]
    public async Task Mirror_NothingOfAll_GetsNothing()
    {
        await using var backend = RawBackend.Answering("west");
        await using var shadow = await TestBackend.StartAsync("shadow");
        await using var proxy = await StartAsync(backend, shadow, 0, 100);
        for (var i = 0; i < 20; i++) Assert.Equal(200, (await proxy.SendAsync(Get)).Status);
        Assert.Equal((0, 0, 0), (proxy.Core.Mirroring.Sent, proxy.Core.Mirroring.Failed, proxy.Core.Mirroring.Dropped));
    }

    private static async Task ReadAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null);
        await context.Response.WriteAsync("read");
    }

    private static Task<ProxyFixture> StartAsync(ITestBackend backend, ITestBackend shadow, int numerator, int denominator, TimeProvider? time = null) =>
        ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Service("shadow", shadow)
            .Filtered("web", new() { Mirrors = [new(MeshBuilder.Key("shadow"), 80, numerator, denominator)] }), time: time);
}
