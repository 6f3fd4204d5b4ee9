using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Edge;

/// <summary>What the proxy answers when no backend does.</summary>
public class LocalReplyTests
{
    [Fact]
    public async Task NoRoute_Is404() => await AnswersAsync(_ => { }, 404, "no route for this host and path\n");

    [Fact]
    public async Task NoBackend_Is503() => await AnswersAsync(mesh => mesh.Service("web").Route("web"), 503, "no backend can take this request\n");

    [Fact]
    public async Task NoService_Is503() => await AnswersAsync(mesh => mesh.Route("web"), 503, "no backend can take this request\n");

    [Fact]
    public async Task BrokenReference_Is503() =>
        await AnswersAsync(mesh => mesh.Route(new SplitModel([new TargetModel(new ObjectKey("default", "web"), null, 1)])), 503, "no backend can take this request\n");

    [Fact]
    public async Task Refused_Is502WithTheReason()
    {
        await using var backend = RawBackend.Refusing("west");
        await AnswersAsync(mesh => mesh.Service("web", backend).Route("web"), 502, "connect_failed after 1 attempts\n");
    }

    private static async Task AnswersAsync(Action<MeshBuilder> mesh, int status, string text)
    {
        await using var proxy = await ProxyFixture.StartAsync(mesh);
        using var connection = await proxy.ConnectAsync();
        await connection.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var reply = await connection.ReadReplyAsync();
        Assert.Equal((status, text, "text/plain; charset=utf-8"), (reply.Status, reply.Text, reply["Content-Type"]));

        // The connection stays of use, and HEAD gets the same without the text.
        await connection.SendAsync("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
        var head = await connection.ReadReplyAsync(head: true);
        Assert.Equal((status, text.Length), (head.Status, head.Length));
        await connection.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nContent-Type: application/grpc\r\n\r\n");
        var grpc = await connection.ReadReplyAsync();
        Assert.Equal((200, status == 404 ? "12" : "14"), (grpc.Status, grpc["grpc-status"]));
    }
}
