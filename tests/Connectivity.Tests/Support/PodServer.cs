using System.Net;
using System.Net.Sockets;
using ClusterMesh.Cli.Lab.Network;
using ClusterMesh.Mesh.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>A server of the test's own in the namespace of a pod that has no containers: HTTP/1.1, and HTTP/2 with prior knowledge.</summary>
internal sealed class PodServer : IAsyncDisposable
{
    public const int Port = 8080;

    private readonly WebApplication _app;

    private PodServer(WebApplication app) => _app = app;

    public static async Task<PodServer> StartAsync(NetworkNamespace netns, RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = _ => Bind(netns));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Any, Port, PriorKnowledge.Use);
        });
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(answer);
        await app.StartAsync();
        return new(app);
    }

    /// <summary>As when the program ends: whoever is connected is cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    public static Socket Bind(NetworkNamespace netns)
    {
        var socket = netns.OpenSocket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, Port));
        return socket;
    }
}
