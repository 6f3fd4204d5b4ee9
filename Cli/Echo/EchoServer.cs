using ClusterMesh.Mesh.Hosting;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterMesh.Cli.Echo;

/// <summary>A small, fast HTTP/1.1 and h2c server whose every answer says who it is. It logs nothing.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    /// <summary>How long requests in flight may take to end once the server stops.</summary>
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;

    private EchoServer(WebApplication app) => _app = app;

    /// <summary>Where it listens, with the real ports.</summary>
    public IReadOnlyList<Uri> Addresses => [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];

    public Uri Address => Addresses[0];

    public static async Task<EchoServer> StartAsync(IReadOnlyList<IPEndPoint> listen, EchoIdentity identity, TimeProvider time)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            foreach (var address in listen) kestrel.Listen(address, PriorKnowledge.Use);
        });
        var app = builder.Build();
        var handler = new EchoHandler(identity, time);
        app.Run(handler.HandleAsync);
        await app.StartAsync();
        return new(app);
    }

    /// <summary>Takes no new connection, lets requests in flight end, then stops.</summary>
    public async Task StopAsync()
    {
        using var timeout = new CancellationTokenSource(DrainTimeout);
        await _app.StopAsync(timeout.Token);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
