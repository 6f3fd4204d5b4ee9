using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterMesh.Drills.Tests.Lab;

/// <summary>A cluster's backends: one server in this process at many addresses, each of which answers with the cluster's name.</summary>
internal sealed class Backends : IAsyncDisposable
{
    private const int Addresses = 8;

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<IPEndPoint> _free;

    private Backends(WebApplication app) => (_app, _free) = (app, new(
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => IPEndPoint.Parse(new Uri(address).Authority))));

    /// <param name="number">Of the cluster, for addresses of its own: 127.NUMBER.0.x.</param>
    public static async Task<Backends> StartAsync(string cluster, int number)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            for (var at = 1; at <= Addresses; at++) kestrel.Listen(IPAddress.Parse($"127.{number}.0.{at}"), 0);
        });
        var app = builder.Build();
        ((IApplicationBuilder)app).Run(context => context.Response.WriteAsync(cluster));
        await app.StartAsync();
        return new(app);
    }

    /// <summary>One that serves nothing yet.</summary>
    public IPEndPoint Take() => _free.TryDequeue(out var backend) ? backend : throw new InvalidOperationException("all backends are taken");

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
