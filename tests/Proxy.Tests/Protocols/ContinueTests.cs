using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Protocols;

/// <summary>Expect: 100-continue, from end to end.</summary>
public class ContinueTests
{
    private const string Head = "POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n";

    private static readonly string s_body = new('x', 5000);

    [Fact]
    public async Task Backend_WantsTheBody_ClientIsToldToSendIt()
    {
        await using var backend = RawBackend.Start("west", async (connection, head) =>
        {
            await connection.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
            var request = await connection.WithBodyAsync(head, untilClose: false);
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{request.Text}");
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var connection = await proxy.ConnectAsync();
        await connection.SendAsync(Head);
        Assert.Equal(100, (await connection.ReadHeadAsync())!.Status);
        await connection.SendAsync(s_body);
        var reply = await connection.ReadReplyAsync();
        Assert.Equal((200, s_body), (reply.Status, reply.Text));
    }

    [Fact]
    public async Task Backend_RejectsWithoutTheBody_ClientIsNeverToldToSendIt()
    {
        await using var backend = RawBackend.Start("west", (connection, head) =>
            connection.SendAsync($"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\nX-Expect: {head["Expect"]}\r\n\r\nno"));
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var connection = await proxy.ConnectAsync();
        await connection.SendAsync(Head);
        var reply = (await connection.ReadHeadAsync())!;
        Assert.Equal((417, "100-continue"), (reply.Status, reply["X-Expect"]));
        Assert.Equal("no", (await connection.WithBodyAsync(reply, untilClose: true)).Text);
    }

    [Fact]
    public async Task FirstBackend_IsBusyWithoutTheBody_SecondGetsItWhole()
    {
        var busy = 0;
        await using var west = RawBackend.Start("west", async (connection, _) =>
        {
            busy++;
            await connection.SendAsync("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        });
        await using var east = RawBackend.Whole("east", (connection, _) => connection.SendAsync(RawBackend.Ok));
        var policy = new RoutePolicy { Retry = RetryPolicy.Default with { Statuses = [503] } };
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", west, east).Route("web", policy));
        using var connection = await proxy.ConnectAsync();
        await connection.SendAsync(Head.Replace("POST", "PUT"));
        Assert.Equal(100, (await connection.ReadHeadAsync())!.Status);
        await connection.SendAsync(s_body);
        Assert.Equal(200, (await connection.ReadReplyAsync()).Status);
        Assert.Equal((1, 1, s_body), (busy, east.Count, east.Last.Text));
    }

    [Fact]
    public async Task Backend_SaysNeither_BodyIsSentAllTheSame()
    {
        await using var backend = RawBackend.Answering("west");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var connection = await proxy.ConnectAsync();
        await connection.SendAsync(Head);
        Assert.Equal(100, (await connection.ReadHeadAsync())!.Status);
        await connection.SendAsync(s_body);
        Assert.Equal(200, (await connection.ReadReplyAsync()).Status);
        Assert.Equal(s_body, backend.Last.Text);
    }
}
