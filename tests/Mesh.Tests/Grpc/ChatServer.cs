using System.Net;
using System.Security.Cryptography.X509Certificates;
using ClusterMesh.Mesh.Grpc;
using ClusterMesh.Mesh.Pki;
using ClusterMesh.Mesh.Tests.Grpc.Protos;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Mesh.Tests.Grpc;

/// <summary>
/// Our gRPC server on plain HTTP/2, TLS and a Unix socket. Say answers with what it was told, or fails as the text asks; Count
/// counts up to the number, or for ever; Talk says everything back.
/// </summary>
internal sealed class ChatServer : IAsyncDisposable
{
    public const int MaxMessage = 64 * 1024;
    private readonly WebApplication _app;
    private readonly string _folder = Directory.CreateTempSubdirectory("clustermesh-grpc-").FullName;
    private int _running;
    private int _cancelled;

    private ChatServer(Func<ChatServer, WebApplication> build) => _app = build(this);

    public Uri Plain { get; private set; } = null!;

    public Uri Tls { get; private set; } = null!;

    public Uri Unix => new($"unix://{_folder}/chat.sock");

    /// <summary>Handlers under way.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Handlers that were told to stop.</summary>
    public int Cancelled => Volatile.Read(ref _cancelled);

    public CertificateAuthority Authority { get; } = CertificateAuthority.Create("chat-ca", TimeSpan.FromDays(1), TimeProvider.System);

    public static async Task<ChatServer> StartAsync()
    {
        var server = new ChatServer(chat => chat.Build());
        await server._app.StartAsync();
        var addresses = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        server.Plain = new(addresses.Single(address => address.StartsWith("http://127", StringComparison.Ordinal)));
        server.Tls = new(addresses.Single(address => address.StartsWith("https:", StringComparison.Ordinal)));
        return server;
    }

    /// <summary>Without waiting for the calls under way.</summary>
    public Task StopAtOnceAsync() => _app.StopAsync(new CancellationToken(canceled: true));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listener => listener.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listener =>
            {
                listener.Protocols = HttpProtocols.Http2;
                listener.UseHttps(Certificate());
            });
            kestrel.ListenUnixSocket(Path.Combine(_folder, "chat.sock"), listener => listener.Protocols = HttpProtocols.Http2);
        });
        var app = builder.Build();
        var limits = new GrpcLimits(MaxMessage, MaxMessage);
        app.MapUnary(ChatMethods.Say, SayAsync, limits);
        app.MapServerStream(ChatMethods.Count, CountAsync, limits);
        app.MapDuplex(ChatMethods.Talk, TalkAsync, limits);
        app.MapUnknownMethods();
        MapMisbehaviour(app);
        return app;
    }

    /// <summary>What only other servers would answer.</summary>
    private static void MapMisbehaviour(IEndpointRouteBuilder app)
    {
        app.Map("/raw/Status", http =>
        {
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        app.Map("/raw/Html", http => http.Response.WriteAsync("<html>"));
        app.Map("/raw/Cut", async http =>
        {
            http.Response.ContentType = "application/grpc";
            await http.Response.BodyWriter.WriteAsync(new byte[] { 0, 0, 0, 1, 0, 1, 2, 3 });
            http.Abort();
        });
        // Without a status; compressed; not a message.
        foreach (var (name, body) in ((string, byte[])[])[("Silent", [0, 0, 0, 0, 0]), ("Compressed", [1, 0, 0, 0, 0]), ("Garbage", [0, 0, 0, 0, 2, 0xff, 0xff])])
        {
            app.Map($"/raw/{name}", async http =>
            {
                http.Response.ContentType = "application/grpc";
                await http.Response.BodyWriter.WriteAsync(body);
            });
        }
    }

    private async Task<Line> SayAsync(Line line, GrpcServerCall call)
    {
        using var running = Run(call);
        call.Http.Response.Headers["x-heard"] = call.Http.Request.Headers["x-said"];
        call.Http.Response.AppendTrailer("x-trailer", "last");
        return line.Text switch
        {
            "missing" => throw new GrpcException(GrpcStatus.NotFound, "no café: 100%\n"),
            "crash" => throw new InvalidOperationException("the secret is 42"),
            "hang" => await HangAsync(call.Cancelled),
            "long" => new Line { Bulk = Google.Protobuf.ByteString.CopyFrom(new byte[MaxMessage + 1]) },
            "deadline" => new Line { Number = (int)(call.Deadline?.TotalSeconds ?? -1) },
            _ => line,
        };
    }

    private async IAsyncEnumerable<Line> CountAsync(Line line, GrpcServerCall call)
    {
        using var running = Run(call);
        for (var i = 1; line.Number == 0 || i <= line.Number; i++)
        {
            yield return new Line { Number = i, Bulk = line.Bulk };
            if (line.Text == "fail" && i == 3)
                throw new GrpcException(GrpcStatus.FailedPrecondition, "three is enough");
            if (line.Text == "hang" && i == 3)
                await HangAsync(call.Cancelled);
        }
    }

    private async IAsyncEnumerable<Line> TalkAsync(IAsyncEnumerable<Line> lines, GrpcServerCall call)
    {
        using var running = Run(call);
        await foreach (var line in lines)
        {
            yield return line;
            if (line.Text == "bye")
                yield break;
        }
    }

    private Finally Run(GrpcServerCall call)
    {
        Interlocked.Increment(ref _running);
        var watching = call.Cancelled.Register(() => Interlocked.Increment(ref _cancelled));
        return new Finally(() =>
        {
            watching.Dispose();
            Interlocked.Decrement(ref _running);
        });
    }

    private static async Task<Line> HangAsync(CancellationToken cancelled)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancelled);
        return new Line();
    }

    private X509Certificate2 Certificate()
    {
        var issued = Authority.Issue(new CertificateOrder("chat", TimeSpan.FromDays(1)) { Addresses = [IPAddress.Loopback] }, TimeProvider.System);
        return X509Certificate2.CreateFromPem(issued.CertificatePem, issued.KeyPem);
    }

    private sealed class Finally(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
