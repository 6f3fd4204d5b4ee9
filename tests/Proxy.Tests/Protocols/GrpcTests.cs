using System.Net;
using System.Net.Http.Headers;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClusterMesh.Proxy.Tests.Protocols;

/// <summary>gRPC as it is on the wire: messages with a prefix, TE: trailers, the status in the trailers.</summary>
public class GrpcTests
{
    private static readonly RoutePolicy s_grpc = new() { Protocol = BackendProtocol.Grpc };

    [Fact]
    public async Task Unary_Answered_TrailersArrive()
    {
        await using var backend = await StartAsync(async context =>
        {
            var asked = await GrpcFrame.ReadAsync(context.Request.Body);
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(GrpcFrame.Of($"hello {asked}"));
            context.Response.AppendTrailer("grpc-status", "0");
            context.Response.AppendTrailer("x-cost", "7");
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web", s_grpc));

        using var reply = await proxy.Client(HttpVersion.Version20).SendAsync(Call(new ByteArrayContent(GrpcFrame.Of("you"))));

        Assert.Equal("hello you", await GrpcFrame.ReadAsync(await reply.Content.ReadAsStreamAsync()));
        Assert.Equal(["0"], reply.TrailingHeaders.GetValues("grpc-status"));
        Assert.Equal(["7"], reply.TrailingHeaders.GetValues("x-cost"));
        Assert.Equal("trailers", backend.Last["TE"]);
        Assert.Equal("application/grpc", backend.Last["Content-Type"]);
    }

    [Fact]
    public async Task Bidirectional_MessageSentOnlyAfterAnAnswer_NothingIsHeldBack()
    {
        await using var backend = await StartAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.FlushAsync();
            while (await GrpcFrame.ReadAsync(context.Request.Body) is { } message)
            {
                await context.Response.Body.WriteAsync(GrpcFrame.Of($"echo {message}"));
                await context.Response.Body.FlushAsync();
            }

            context.Response.AppendTrailer("grpc-status", "0");
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web", s_grpc));
        var body = new DuplexContent();

        using var reply = await proxy.Client(HttpVersion.Version20).SendAsync(Call(body), HttpCompletionOption.ResponseHeadersRead);
        var stream = await reply.Content.ReadAsStreamAsync();
        for (var i = 0; i < 20; i++)
        {
            await body.WriteAsync(GrpcFrame.Of($"{i}"));
            Assert.Equal($"echo {i}", await GrpcFrame.ReadAsync(stream));
        }

        body.Complete();
        Assert.Null(await GrpcFrame.ReadAsync(stream));
        Assert.Equal(["0"], reply.TrailingHeaders.GetValues("grpc-status"));
    }

    [Fact]
    public async Task TrailersOnly_Error_ReachesTheClientAsItIs()
    {
        await using var backend = await StartAsync(context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "5";
            context.Response.Headers["grpc-message"] = "no%20such%20thing";
            return Task.CompletedTask;
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web", s_grpc));
        using var reply = await proxy.Client(HttpVersion.Version20).SendAsync(Call(new ByteArrayContent(GrpcFrame.Of("x"))));
        Assert.Equal(["5"], reply.Headers.GetValues("grpc-status"));
        Assert.Equal(["no%20such%20thing"], reply.Headers.GetValues("grpc-message"));
        Assert.Empty(await reply.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Stream_BackendResetsIt_ClientSeesAnErrorNotAnEnd()
    {
        await using var backend = await StartAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(GrpcFrame.Of("one"));
            await context.Response.Body.FlushAsync();
            await GrpcFrame.ReadAsync(context.Request.Body);
            context.Abort();
        });
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", backend).Route("web", s_grpc));
        var body = new DuplexContent();
        using var reply = await proxy.Client(HttpVersion.Version20).SendAsync(Call(body), HttpCompletionOption.ResponseHeadersRead);
        var stream = await reply.Content.ReadAsStreamAsync();
        Assert.Equal("one", await GrpcFrame.ReadAsync(stream));
        await body.WriteAsync(GrpcFrame.Of("now fail"));
        await Assert.ThrowsAnyAsync<IOException>(() => GrpcFrame.ReadAsync(stream));
        body.Complete();
    }

    [Fact]
    public async Task NoRoute_GrpcCaller_GetsAGrpcStatus() =>
        Assert.Equal(("12", HttpStatusCode.OK), await LocalStatusAsync(_ => { }));

    [Fact]
    public async Task NoBackend_GrpcCaller_GetsAGrpcStatus() =>
        Assert.Equal(("14", HttpStatusCode.OK), await LocalStatusAsync(mesh => mesh.Service("web").Route("web", s_grpc)));

    [Fact]
    public async Task Refused_GrpcCaller_GetsAGrpcStatus()
    {
        await using var backend = RawBackend.Refusing("west");
        Assert.Equal(("14", HttpStatusCode.OK), await LocalStatusAsync(mesh => mesh.Service("web", backend).Route("web", s_grpc)));
    }

    [Fact]
    public async Task TimedOut_GrpcCaller_GetsDeadlineExceeded()
    {
        await using var backend = await StartAsync(context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        var policy = s_grpc with { ReadTimeout = TimeSpan.FromMilliseconds(100) };
        Assert.Equal(("4", HttpStatusCode.OK), await LocalStatusAsync(mesh => mesh.Service("web", backend).Route("web", policy)));
    }

    [Fact]
    public async Task TooLarge_GrpcCaller_GetsResourceExhausted()
    {
        await using var backend = await StartAsync(_ => Task.CompletedTask);
        var policy = s_grpc with { MaxRequestBodyBytes = 3 };
        Assert.Equal(("8", HttpStatusCode.OK), await LocalStatusAsync(mesh => mesh.Service("web", backend).Route("web", policy)));
        Assert.Equal(0, backend.Count);
    }

    private static async Task<(string, HttpStatusCode)> LocalStatusAsync(Action<MeshBuilder> mesh)
    {
        await using var proxy = await ProxyFixture.StartAsync(mesh);
        using var reply = await proxy.Client(HttpVersion.Version20).SendAsync(Call(new ByteArrayContent(GrpcFrame.Of("x"))));
        return (reply.Headers.GetValues("grpc-status").Single(), reply.StatusCode);
    }

    private static Task<TestBackend> StartAsync(RequestDelegate handler) => TestBackend.StartAsync("west", handler, HttpProtocols.Http2);

    private static HttpRequestMessage Call(HttpContent content)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        return new(HttpMethod.Post, "/shop.Cart/Add")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
            Headers = { { "TE", "trailers" } },
        };
    }
}
