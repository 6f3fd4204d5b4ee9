using System.Net;
using System.Net.WebSockets;
using System.Text;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Tests.Protocols;

public class WebSocketTests
{
    [Theory]
    [InlineData("1.1", false)]
    [InlineData("1.1", true)]
    [InlineData("2.0", true)]
    [InlineData("2.0", false)]
    public async Task Messages_SmallAndLarge_CrossBothWaysAndCloseIsPassedOn(string version, bool tls)
    {
        await using var backend = await TestBackend.StartAsync("west", EchoAsync);
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var socket = await ConnectAsync(proxy, version, tls);
        var large = new byte[1 << 20];
        for (var i = 0; i < large.Length; i++) large[i] = (byte)(i * 7);

        Assert.Equal("chat", socket.SubProtocol);
        Assert.Equal("hello"u8.ToArray(), await TurnAsync(socket, "hello"u8.ToArray()));
        Assert.Equal(large, await TurnAsync(socket, large));
        Assert.Equal("again"u8.ToArray(), await TurnAsync(socket, "again"u8.ToArray()));
        await socket.CloseAsync((WebSocketCloseStatus)4001, "enough", default);

        Assert.Equal(((WebSocketCloseStatus?)4001, "seen: enough"), (socket.CloseStatus, socket.CloseStatusDescription));
        Assert.Equal("/chat?room=1", backend.Last.Target);
        Assert.Equal("chat", backend.Last["Sec-WebSocket-Protocol"]);
        Assert.Equal(0, proxy.Health(backend).InFlight);
    }

    [Fact]
    public async Task Backend_SaysNo_ClientGetsThatAnswer()
    {
        await using var backend = await TestBackend.StartAsync("west", context =>
        {
            context.Response.StatusCode = 403;
            return context.Response.WriteAsync("not you");
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        var reply = await proxy.SendAsync(Upgrade);
        Assert.Equal((403, "not you"), (reply.Status, reply.Text));
    }

    [Fact]
    public async Task Handshake_IsPassedOn_AndKeysAreTheClients()
    {
        await using var backend = RawBackend.Whole("west", (connection, _) => connection.SendAsync(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\nfirst"));
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        using var connection = await proxy.ConnectAsync();
        await connection.SendAsync(Upgrade);
        var reply = await connection.ReadReplyAsync();
        Assert.Equal((101, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), (reply.Status, reply["Sec-WebSocket-Accept"]));
        Assert.Equal(("Upgrade", "websocket"), (reply["Connection"], reply["Upgrade"]));
        Assert.Equal("first"u8.ToArray(), await connection.ReadSomeAsync());
        Assert.Equal(("dGhlIHNhbXBsZSBub25jZQ==", "13"), (backend.Last["Sec-WebSocket-Key"], backend.Last["Sec-WebSocket-Version"]));
    }

    [Fact]
    public async Task Client_HangsUp_BackendSeesIt()
    {
        var ended = new TaskCompletionSource();
        await using var backend = await TestBackend.StartAsync("west", async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            try
            {
                await socket.ReceiveAsync(new byte[1], default);
            }
            catch (WebSocketException)
            {
                ended.SetResult();
            }
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web"));
        var connection = await proxy.ConnectAsync();
        await connection.SendAsync(Upgrade);
        Assert.Equal(101, (await connection.ReadReplyAsync()).Status);
        connection.Reset();
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task FirstBackend_Refuses_HandshakeGoesToAnother()
    {
        await using var dead = RawBackend.Refusing("west");
        await using var alive = await TestBackend.StartAsync("east", EchoAsync);
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", dead, alive).Route("web"));
        using var socket = await ConnectAsync(proxy, "1.1", tls: false);
        Assert.Equal("hello"u8.ToArray(), await TurnAsync(socket, "hello"u8.ToArray()));
        Assert.Equal(1, alive.Count);
    }

    private static string Upgrade =>
        "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    private static async Task<ClientWebSocket> ConnectAsync(ProxyFixture proxy, string version, bool tls)
    {
        var socket = new ClientWebSocket();
        socket.Options.HttpVersion = new(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.AddSubProtocol("chat");
        var invoker = proxy.Client(new(version), tls);
        await socket.ConnectAsync(new UriBuilder(tls ? proxy.Https : proxy.Http) { Scheme = tls ? "wss" : "ws", Path = "/chat", Query = "room=1" }.Uri, invoker, default);
        return socket;
    }

    private static async Task<byte[]> TurnAsync(ClientWebSocket socket, byte[] message)
    {
        await socket.SendAsync(message, WebSocketMessageType.Binary, true, default);
        return (await ReceiveAsync(socket)).Message;
    }

    private static async Task<(byte[] Message, WebSocketReceiveResult Last)> ReceiveAsync(WebSocket socket)
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer, default);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return (message.ToArray(), part);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync(context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault());
        while (true)
        {
            var (message, last) = await ReceiveAsync(socket);
            if (last.MessageType == WebSocketMessageType.Close) break;
            await socket.SendAsync(message, WebSocketMessageType.Binary, true, default);
        }

        await socket.CloseOutputAsync(socket.CloseStatus!.Value, $"seen: {socket.CloseStatusDescription}", default);
    }
}
