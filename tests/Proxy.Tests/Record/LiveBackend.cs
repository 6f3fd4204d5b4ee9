using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ClusterMesh.Mesh.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Tests.Record;

/// <summary>A real HTTP server on loopback, and what it was asked.</summary>
internal sealed class LiveBackend : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LiveBackend(WebApplication app) => _app = app;

    public ConcurrentQueue<IHeaderDictionary> Asked { get; } = new();

    public int Port => new Uri(_app.Urls.Single()).Port;

    public static async Task<LiveBackend> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var backend = new LiveBackend(builder.Build());
        ((IApplicationBuilder)backend._app).Run(context =>
        {
            backend.Asked.Enqueue(new HeaderDictionary(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value)));
            return answer(context);
        });
        await backend._app.StartAsync();
        return backend;
    }

    public static Task<LiveBackend> StartAsync(string text, int status = 200) => StartAsync(context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentLength = text.Length;
        return context.Response.WriteAsync(text);
    });

    public Backend In(string cluster) => new(cluster, "127.0.0.1", Port, Pod: $"pod-{cluster}");

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}

/// <summary>A port that is taken and never listens: connections are refused, and nobody else can get it meanwhile.</summary>
internal sealed class DeadBackend : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public DeadBackend() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public Backend In(string cluster) => new(cluster, "127.0.0.1", ((IPEndPoint)_socket.LocalEndPoint!).Port);

    public void Dispose() => _socket.Dispose();
}
