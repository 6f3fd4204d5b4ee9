using System.Net;
using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Failover;

/// <summary>A response that breaks in its middle is never made to look whole, nor asked for again.</summary>
public class BrokenResponseTests
{
    private readonly TaskCompletionSource _read = new();

    /// <summary>What comes first, and what comes, before the end, when the client has read that.</summary>
    public static readonly TheoryData<string, string> Broken = new()
    {
        { "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\na part", "" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\na part", "and more" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\na part\r\n", "" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\na part\r\n", "64\r\nmore" },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\na part\r\n", "xyz\r\n" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Http11_Client_SeesALostConnection(string first, string rest)
    {
        await using var broken = Breaking(first, rest);
        await using var alive = RawBackend.Answering("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", broken, alive).Route("web"));
        using var connection = await proxy.ConnectAsync();
        await connection.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var head = await connection.ReadHeadAsync();
        _read.SetResult();
        var reply = await connection.WithBodyAsync(head!, untilClose: true);
        Assert.Equal((200, false), (reply.Status, reply.Whole));
        Assert.StartsWith("a part", reply.Text);
        Assert.True(await connection.EndsAsync());
        Assert.Equal((1, 0), (broken.Count, alive.Count));
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Http2_Client_SeesAResetStream(string first, string rest)
    {
        await using var broken = Breaking(first, rest);
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", broken).Route("web"));
        var client = proxy.Client(HttpVersion.Version20);
        using var reply = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead);
        _read.SetResult();
        var error = await Assert.ThrowsAnyAsync<HttpRequestException>(() => reply.Content.ReadAsByteArrayAsync());
        Assert.IsAssignableFrom<HttpProtocolException>(error.InnerException);
    }

    [Fact]
    public async Task Http10_Client_SeesALengthThatIsNotReached()
    {
        _read.SetResult();
        await using var broken = Breaking("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\na part", "");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", broken).Route("web"));
        var reply = await proxy.SendAsync("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
        Assert.Equal((100, false), (reply.Length, reply.Whole));
    }

    private RawBackend Breaking(string first, string rest) => RawBackend.Whole("west", async (connection, _) =>
    {
        await connection.SendAsync(first);
        await _read.Task;
        await connection.SendAsync(rest);
        connection.Dispose();
    });
}
