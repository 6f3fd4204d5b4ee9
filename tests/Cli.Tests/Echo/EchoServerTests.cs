using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ClusterMesh.Cli.Echo;

namespace ClusterMesh.Cli.Tests.Echo;

public sealed class EchoServerTests : IAsyncLifetime, IDisposable
{
    private EchoServer _server = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await EchoServer.StartAsync([new(IPAddress.Loopback, 0)], new("rebel-base", "v1", "west", "pod-a"), TimeProvider.System);
        _client = new() { BaseAddress = _server.Address };
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Echo_OfAGet_SaysWhoItIsAndWhatItSaw()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/a%2Fb?x=1");
        request.Headers.Host = "rebel-base.example";
        request.Headers.Add("x-test", ["1", "2"]);
        using var response = await _client.SendAsync(request);
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(
            ["rebel-base", "v1", "west", "pod-a"],
            new[] { "service", "version", "cluster", "pod" }.Select(name => Assert.Single(response.Headers.GetValues($"x-echo-{name}"))));
        Assert.Equal(
            ["rebel-base", "v1", "west", "pod-a", "GET", "/a%2Fb", "x=1", "rebel-base.example", "HTTP/1.1"],
            new[] { "service", "version", "cluster", "pod", "method", "path", "query", "host", "protocol" }.Select(name => (string)json[name]!));
        Assert.Equal("1, 2", (string)json["headers"]!["x-test"]!);
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Echo_OverPriorKnowledgeHttp2_AnswersOnTheSamePort()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Content = new StringContent("hello");
        using var response = await _client.SendAsync(request);
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Equal(("HTTP/2", 5), ((string)json["protocol"]!, (int)json["bodyBytes"]!));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Echo_OfABody_CountsItsBytes(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/") { Content = new ByteArrayContent(new byte[200_000]) };
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await _client.SendAsync(request);
        Assert.Equal(200_000, (int)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["bodyBytes"]!);
    }

    [Theory]
    [InlineData("/?status=503", 503)]
    [InlineData("/?status=204", 204)]
    [InlineData("/?status=503&bytes=100", 503)]
    [InlineData("/?status=99", 400)]
    [InlineData("/?delay=soon", 400)]
    [InlineData("/?bytes=-1", 400)]
    public async Task Echo_AskedForAStatus_AnswersWithIt(string path, int expected)
    {
        using var response = await _client.GetAsync(path);
        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Equal("pod-a", Assert.Single(response.Headers.GetValues("x-echo-pod")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000_000)]
    public async Task Echo_AskedForBytes_StreamsThatMany(int bytes)
    {
        var body = await _client.GetByteArrayAsync($"/?bytes={bytes}");
        Assert.Equal(bytes, body.Length);
    }

    [Fact]
    public async Task Echo_AskedForADelay_WaitsOnTheClock()
    {
        var start = TimeProvider.System.GetTimestamp();
        using var response = await _client.GetAsync("/?delay=50ms");
        Assert.True(TimeProvider.System.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(45));
    }

    [Fact]
    public async Task Echo_AskedToReset_EndsTheConnectionWithoutAnAnswer() =>
        await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetAsync("/reset"));

    [Fact]
    public async Task Echo_OfHead_HasHeadersAndNoBody()
    {
        using var response = await _client.SendAsync(new(HttpMethod.Head, "/?bytes=10"));
        Assert.Equal(10, response.Content.Headers.ContentLength);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Stop_WithARequestInFlight_LetsItEnd()
    {
        using var body = new BlockedContent();
        var answer = _client.PostAsync("/", body);
        await body.Started;
        var stopped = _server.StopAsync();
        body.Finish();
        using var response = await answer;
        await stopped;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>A body of which one byte is sent, and the rest when the test says so.</summary>
    private sealed class BlockedContent : HttpContent
    {
        private readonly TaskCompletionSource _started = new(), _finish = new();

        public Task Started => _started.Task;

        public void Finish() => _finish.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes("a"));
            await stream.FlushAsync();
            _started.SetResult();
            await _finish.Task;
            await stream.WriteAsync(Encoding.ASCII.GetBytes("b"));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 2;
            return true;
        }
    }
}
