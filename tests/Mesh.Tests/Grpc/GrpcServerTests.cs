using System.Net;
using System.Net.Http.Headers;

namespace ClusterMesh.Mesh.Tests.Grpc;

/// <summary>What our server says to requests that our client does not make.</summary>
public sealed class GrpcServerTests : IAsyncLifetime
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler());
    private ChatServer _server = null!;

    public async Task InitializeAsync() => _server = await ChatServer.StartAsync();

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("/clustermesh.test.v1.Chat/Say")]
    [InlineData("/clustermesh.test.v1.Chat/Nobody")]
    [InlineData("/no.Service/Method")]
    public async Task Request_ThatIsNotGrpc_Is415(string path)
    {
        foreach (var type in (string[])["application/json", "application/grpc-web", "application/grpcx"])
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await SendAsync(path, [], type)).StatusCode);
    }

    [Fact]
    public async Task Request_ByGet_Is405() =>
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await SendAsync("/clustermesh.test.v1.Chat/Say", [], method: HttpMethod.Get)).StatusCode);

    [Theory]
    [InlineData("/clustermesh.test.v1.Chat/Nobody", new byte[] { 0, 0, 0, 0, 0 }, "12", "there is no method")]
    [InlineData("/clustermesh.test.v1.Chat/Say", new byte[] { 1, 0, 0, 0, 0 }, "12", "compressed")]
    [InlineData("/clustermesh.test.v1.Chat/Say", new byte[] { 7, 0, 0, 0, 0 }, "13", "flag")]
    [InlineData("/clustermesh.test.v1.Chat/Say", new byte[] { 0, 0xff, 0xff, 0xff, 0xff }, "8", "4294967295")]
    [InlineData("/clustermesh.test.v1.Chat/Say", new byte[] { 0, 0, 0, 0, 9, 1 }, "13", "within a message")]
    [InlineData("/clustermesh.test.v1.Chat/Say", new byte[] { 0, 0, 0 }, "13", "within a message")]
    [InlineData("/clustermesh.test.v1.Chat/Say", new byte[] { 0, 0, 0, 0, 2, 0xff, 0xff }, "13", "not a Line")]
    [InlineData("/clustermesh.test.v1.Chat/Say", new byte[] { }, "13", "exactly one")]
    [InlineData("/clustermesh.test.v1.Chat/Say", new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "13", "exactly one")]
    public async Task Request_ThatIsBad_IsRefusedInHeadersAlone(string path, byte[] body, string status, string text)
    {
        using var response = await SendAsync(path, body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(status, Assert.Single(response.Headers.GetValues("grpc-status")));
        Assert.Contains(text, Assert.Single(response.Headers.GetValues("grpc-message")));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Request_WithBadTimeout_IsRefused()
    {
        using var response = await SendAsync("/clustermesh.test.v1.Chat/Say", [0, 0, 0, 0, 0], timeout: "soon");
        Assert.Equal("13", Assert.Single(response.Headers.GetValues("grpc-status")));
    }

    [Fact]
    public async Task Request_WithMediaTypeOfProtobuf_IsServed()
    {
        using var response = await SendAsync("/clustermesh.test.v1.Chat/Say", [0, 0, 0, 0, 0], "application/grpc+proto");
        Assert.Equal([0, 0, 0, 0, 0], await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("0", Assert.Single(response.TrailingHeaders.GetValues("grpc-status")));
    }

    private Task<HttpResponseMessage> SendAsync(
        string path, byte[] body, string type = "application/grpc", HttpMethod? method = null, string? timeout = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Post, new Uri(_server.Plain, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } },
        };
        if (timeout is not null)
            request.Headers.Add("grpc-timeout", timeout);
        return _http.SendAsync(request, CancellationToken.None);
    }
}
