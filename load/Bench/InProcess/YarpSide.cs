using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace ClusterMesh.Bench;

/// <summary>YARP with the same routes, clusters and destinations, on a port of its own.</summary>
internal sealed class YarpSide : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client = new();
    private readonly string _address;

    private YarpSide(WebApplication app)
    {
        _app = app;
        _address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    public static async Task<YarpSide> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddReverseProxy().LoadFromMemory([], []);
        var app = builder.Build();
        app.MapReverseProxy();
        await app.StartAsync();
        return new YarpSide(app);
    }

    /// <summary>Returns when a request for the last route is no longer "not found".</summary>
    public async Task ApplyAsync(MeshSize size, YarpObjects objects)
    {
        _app.Services.GetRequiredService<InMemoryConfigProvider>().Update(objects.Routes, objects.Clusters);
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (await StatusOfLastAsync(size, bound.Token) == HttpStatusCode.NotFound)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>Its destinations do not exist, so a match shows as 502 or 504; 405 would not be "not found" either.</summary>
    private async Task<HttpStatusCode> StatusOfLastAsync(MeshSize size, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _address + MeshSize.Path(size.PathsPerHost - 1));
        request.Headers.Host = MeshSize.Host(size.Hosts - 1);
        using var response = await _client.SendAsync(request, stop);
        return response.StatusCode;
    }
}
