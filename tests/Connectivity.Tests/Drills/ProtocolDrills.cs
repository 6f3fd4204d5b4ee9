using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>What pods speak with each other passes the proxies as it is, whichever rule led it to them.</summary>
[Collection(RequestDrills.Name)]
public sealed class ProtocolDrills(TalkingPods pods) : IClassFixture<TalkingPods>
{
    private const int Large = 100;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [KernelTheory]
    [InlineData(TalkingPods.ByService)]
    [InlineData(TalkingPods.ByRules)]
    public async Task Http11_PipelinedOnOneConnection_AnsweredInOrderAndClosedAsAsked(string way)
    {
        var (sockets, to) = await pods.WayAsync(way);
        using var _ = sockets;
        using var socket = await sockets.OpenAsync();
        await socket.ConnectAsync(to);
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET /a HTTP/1.1\r\nHost: talk\r\n\r\nGET /b HTTP/1.1\r\nHost: talk\r\n\r\n"));
        using var reader = new StreamReader(new NetworkStream(socket), Encoding.ASCII);
        var text = await ReadUntilAsync(reader, "HTTP/1.1 /b");
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET /c HTTP/1.1\r\nHost: talk\r\nConnection: close\r\n\r\n"));
        text += await reader.ReadToEndAsync().WaitAsync(s_patience);

        Assert.Equal(["HTTP/1.1 /a", "HTTP/1.1 /b", "HTTP/1.1 /c"], text.Split('\n').SelectMany(line => new[] { "HTTP/1.1 /a", "HTTP/1.1 /b", "HTTP/1.1 /c" }.Where(line.Contains)));
        Assert.Equal(3, text.Split("HTTP/1.1 200 OK").Length - 1);
    }

    [KernelTheory]
    [InlineData(TalkingPods.ByService)]
    [InlineData(TalkingPods.ByRules)]
    public async Task Http2_WithPriorKnowledge_ReachesTheBackendAsHttp2(string way)
    {
        var (sockets, to) = await pods.WayAsync(way);
        using var _ = sockets;
        using var http = PodHttp.Client(sockets, to, HttpVersion.Version20);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => http.GetStringAsync($"/{i}")));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"HTTP/2 /{i}"), answers);
    }

    [KernelTheory]
    [InlineData(TalkingPods.ByService)]
    [InlineData(TalkingPods.ByRules)]
    public async Task Grpc_UnaryAndBidirectional_MessagesAndTrailersArrive(string way)
    {
        var (sockets, to) = await pods.WayAsync(way);
        using var _ = sockets;
        using var http = PodHttp.Client(sockets, to, HttpVersion.Version20);
        using var unary = await http.SendAsync(Call("/grpc/unary", new ByteArrayContent(GrpcFrame.Of("you"))));
        Assert.Equal("hello you", await GrpcFrame.ReadAsync(await unary.Content.ReadAsStreamAsync()));
        Assert.Equal(["0"], unary.TrailingHeaders.GetValues("grpc-status"));

        var body = new DuplexContent();
        using var duplex = await http.SendAsync(Call("/grpc/stream", body), HttpCompletionOption.ResponseHeadersRead);
        var stream = await duplex.Content.ReadAsStreamAsync();
        for (var i = 0; i < 20; i++)
        {
            await body.WriteAsync(GrpcFrame.Of($"{i}"));
            Assert.Equal($"echo {i}", await GrpcFrame.ReadAsync(stream).WaitAsync(s_patience));
        }

        body.Complete();
        Assert.Null(await GrpcFrame.ReadAsync(stream).WaitAsync(s_patience));
        Assert.Equal(["0"], duplex.TrailingHeaders.GetValues("grpc-status"));
    }

    [KernelTheory]
    [InlineData(TalkingPods.ByService)]
    [InlineData(TalkingPods.ByRules)]
    public async Task WebSocket_MessagesBothWays_AndAnOrderlyEnd(string way)
    {
        var (sockets, to) = await pods.WayAsync(way);
        using var _ = sockets;
        using var invoker = new HttpMessageInvoker(PodHttp.Handler(sockets));
        using var socket = new ClientWebSocket();
        using var patience = new CancellationTokenSource(s_patience);
        await socket.ConnectAsync(new($"ws://{to}/socket"), invoker, patience.Token);
        var buffer = new byte[1024];
        for (var i = 0; i < 50; i++)
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes($"{i}"), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
            var came = await socket.ReceiveAsync(buffer, patience.Token);
            Assert.Equal($"{i}", Encoding.ASCII.GetString(buffer, 0, came.Count));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", patience.Token);
        Assert.Equal(WebSocketState.Closed, socket.State);
    }

    [KernelTheory]
    [InlineData(TalkingPods.ByService)]
    [InlineData(TalkingPods.ByRules)]
    public async Task EventStream_HeldAfterEachEvent_EachArrivesBeforeTheNextIsSent(string way)
    {
        var (sockets, to) = await pods.WayAsync(way);
        using var _ = sockets;
        using var http = PodHttp.Client(sockets, to);
        using var answer = await http.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        for (var i = 0; i < ProtocolBackend.Events; i++)
        {
            Assert.Equal($"data: {i}", await reader.ReadLineAsync().WaitAsync(s_patience));
            Assert.Equal("", await reader.ReadLineAsync().WaitAsync(s_patience));
            // Were it kept back until more comes, nothing would ever come.
            await http.GetStringAsync("/next");
        }

        Assert.Null(await reader.ReadLineAsync().WaitAsync(s_patience));
    }

    [KernelTheory]
    [InlineData(TalkingPods.ByService)]
    [InlineData(TalkingPods.ByRules)]
    public async Task HundredMegabytes_BothWays_ArriveWhole(string way)
    {
        var (sockets, to) = await pods.WayAsync(way);
        using var _ = sockets;
        using var http = PodHttp.Client(sockets, to);
        http.Timeout = TimeSpan.FromSeconds(120);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < Large; i++) hash.AppendData(ProtocolBackend.Block(i));
        var sum = Convert.ToHexString(hash.GetHashAndReset());

        using var up = await http.PutAsync("/sum", new BlocksContent(Large));
        Assert.Equal(sum, await up.Content.ReadAsStringAsync());
        using var down = await http.GetAsync($"/bytes?blocks={Large}", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(sum, Convert.ToHexString(await SHA256.HashDataAsync(await down.Content.ReadAsStreamAsync())));
    }

    private static HttpRequestMessage Call(string path, HttpContent content)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        return new(HttpMethod.Post, path) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content, Headers = { TE = { new("trailers") } } };
    }

    private static async Task<string> ReadUntilAsync(StreamReader reader, string end)
    {
        var (text, buffer) = (new StringBuilder(), new char[1024]);
        while (!text.ToString().Contains(end, StringComparison.Ordinal) && await reader.ReadAsync(buffer).AsTask().WaitAsync(s_patience) is > 0 and var count) text.Append(buffer, 0, count);
        return text.ToString();
    }

    /// <summary>So many blocks, of a length that nobody is told.</summary>
    private sealed class BlocksContent(int blocks) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var i = 0; i < blocks; i++) await stream.WriteAsync(ProtocolBackend.Block(i));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
