using System.Net;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Edge;

public class BodyLimitTests
{
    private static readonly RoutePolicy s_ten = new() { MaxRequestBodyBytes = 10 };

    [Theory]
    [InlineData(10, 200)]
    [InlineData(11, 413)]
    [InlineData(1_000_000, 413)]
    public async Task Declared_Length_IsHeldAgainstTheLimit(int length, int status)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web", s_ten));
        using var connection = await proxy.ConnectAsync();
        await connection.TrySendAsync($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{new string('x', length)}");
        Assert.Equal(status, (await connection.ReadReplyAsync()).Status);
        Assert.Equal(status == 200 ? 1 : 0, backend.Count);
    }

    [Theory]
    [InlineData(2, 200)]
    [InlineData(3, 413)]
    public async Task Chunked_Body_IsCutWhenItGrowsBeyond(int chunks, int status)
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web", s_ten));
        using var connection = await proxy.ConnectAsync();
        await connection.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (var i = 0; i < chunks; i++) await connection.TrySendAsync("4\r\nabcd\r\n");
        await connection.TrySendAsync("0\r\n\r\n");
        Assert.Equal(status, (await connection.ReadReplyAsync()).Status);
        Assert.Equal(status == 200, backend.Seen.Any(request => request.Whole));
        Assert.True(proxy.Health(backend).Healthy);
    }

    [Fact]
    public async Task Http2_Body_IsHeldAgainstTheLimit()
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web", s_ten));
        using var http2 = await Http2Connection.ConnectAsync(proxy.Http.Port);
        await http2.SendHeadersAsync(1, false, Http2Connection.Get("/", "POST"));
        await http2.SendDataAsync(1, true, "more than ten bytes");
        Assert.Equal("413", await http2.ReadOutcomeAsync(1));
        await http2.SendHeadersAsync(3, true, Http2Connection.Get("/"));
        Assert.Equal("200", await http2.ReadOutcomeAsync(3));
        Assert.DoesNotContain(backend.Seen, request => request.Text.Contains("bytes"));
    }

    [Fact]
    public async Task Limit_Unset_LetsAnyLengthThrough()
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var reply = await proxy.Client().PostAsync("/", new ByteArrayContent(new byte[40 << 20]));
        Assert.Equal((HttpStatusCode.OK, 40 << 20), (reply.StatusCode, backend.Last.Body.Length));
    }
}
