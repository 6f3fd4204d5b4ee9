using System.Net;
using ClusterMesh.Proxy.Tests.Support;
using ClusterMesh.Tests;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Tests.Protocols;

/// <summary>Bodies are streamed: what lives on the heap does not depend on their size. Runs alone, as it looks at the whole process.</summary>
[Collection(Alone.Name)]
public class LargeBodyTests
{
    private const long Size = 256L << 20;
    private const long Growth = 32L << 20;
    private static readonly byte[] s_block = [.. Enumerable.Range(0, 1 << 18).Select(i => (byte)(i * 31))];

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Upload_Large_IsStreamed(string version)
    {
        var heap = new Heap();
        await using var backend = await TestBackend.StartAsync("west", async context => await context.Response.WriteAsync($"{await DrainAsync(context.Request.Body, heap)}"));
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        heap.Begin();
        using var request = new HttpRequestMessage(HttpMethod.Put, "/") { Version = new(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new Blocks() };
        using var reply = await proxy.Client(new(version)).SendAsync(request);
        Assert.Equal($"{Size}", await reply.Content.ReadAsStringAsync());
        Assert.InRange(heap.Grown, 0, Growth);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Download_Large_IsStreamed(string version)
    {
        var heap = new Heap();
        await using var backend = await TestBackend.StartAsync("west", context => WriteAsync(context.Response.Body));
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        heap.Begin();
        using var reply = await proxy.Client(new(version)).GetAsync("/", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(Size, await DrainAsync(await reply.Content.ReadAsStreamAsync(), heap));
        Assert.InRange(heap.Grown, 0, Growth);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Client_ReadsNothing_BackendIsHeldBack(string version)
    {
        var sent = 0L;
        await using var backend = await TestBackend.StartAsync("west", async context =>
        {
            for (; sent < Size; Interlocked.Add(ref sent, s_block.Length)) await context.Response.Body.WriteAsync(s_block);
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var reply = await proxy.Client(new(version)).GetAsync("/", HttpCompletionOption.ResponseHeadersRead);

        // It is held back when nothing more was taken for 50 looks in a row.
        var (last, still) = (-1L, 0);
        await Eventually.TrueAsync(() => (still = Interlocked.Read(ref sent) == last ? still + 1 : 0) >= 50 || (last = Interlocked.Read(ref sent)) < 0, "the backend is held back");
        Assert.InRange(last, 0, Size / 4);

        Assert.Equal(Size, await DrainAsync(await reply.Content.ReadAsStreamAsync(), null));
    }

    private static async Task WriteAsync(Stream stream)
    {
        for (var left = Size; left > 0; left -= s_block.Length) await stream.WriteAsync(s_block);
    }

    private static async Task<long> DrainAsync(Stream stream, Heap? heap)
    {
        var buffer = new byte[1 << 16];
        var total = 0L;
        while (await stream.ReadAsync(buffer) is var read and > 0)
        {
            Assert.Equal(s_block[total % s_block.Length], buffer[0]);
            if (total / (Size / 8) != (total + read) / (Size / 8)) heap?.Look();
            total += read;
        }

        return total;
    }

    /// <summary>What is alive, looked at while bytes flow.</summary>
    private sealed class Heap
    {
        private long _begin;
        private long _peak;

        public long Grown => Math.Max(0, _peak - _begin);

        public void Begin() => _begin = GC.GetTotalMemory(forceFullCollection: true);

        public void Look() => _peak = Math.Max(_peak, GC.GetTotalMemory(forceFullCollection: true));
    }

    private sealed class Blocks : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => WriteAsync(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
