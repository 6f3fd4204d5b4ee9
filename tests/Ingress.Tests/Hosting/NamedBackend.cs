using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterMesh.Ingress.Tests.Hosting;

/// <summary>A real backend that answers with its name.</summary>
internal sealed class NamedBackend : IAsyncDisposable
{
    private readonly WebApplication _app;

    private NamedBackend(WebApplication app, int port) => (_app, Port) = (app, port);

    public int Port { get; }

    public static async Task<NamedBackend> StartAsync(string name, TimeSpan delay = default)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        ((IApplicationBuilder)app).Run(async context =>
        {
            if (delay > TimeSpan.Zero) await Task.Delay(delay, TimeProvider.System);
            await context.Response.WriteAsync(name);
        });
        await app.StartAsync();
        return new(app, new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
