using ClusterMesh.Proxy.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Tests.Protocols;

public class EventStreamTests
{
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Events_SentOneByOne_ArriveOneByOne(string version)
    {
        using var seen = new SemaphoreSlim(0);
        await using var backend = await TestBackend.StartAsync("west", async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var i = 0; i < 10; i++)
            {
                await context.Response.WriteAsync($"data: {i}\n\n");
                await context.Response.Body.FlushAsync();
                await seen.WaitAsync(context.RequestAborted);
            }
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));

        using var reply = await proxy.Client(new(version)).GetAsync("/events", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await reply.Content.ReadAsStreamAsync());
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal($"data: {i}", await lines.ReadLineAsync());
            Assert.Equal("", await lines.ReadLineAsync());
            seen.Release();
        }

        Assert.Null(await lines.ReadLineAsync());
        Assert.Equal("text/event-stream", reply.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Headers_WithoutABodyYet_ArriveAtOnce()
    {
        var go = new TaskCompletionSource();
        await using var backend = await TestBackend.StartAsync("west", async context =>
        {
            await context.Response.Body.FlushAsync();
            await go.Task;
            await context.Response.WriteAsync("late");
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var reply = await proxy.Client().GetAsync("/", HttpCompletionOption.ResponseHeadersRead);
        go.SetResult();
        Assert.Equal("late", await reply.Content.ReadAsStringAsync());
    }
}
