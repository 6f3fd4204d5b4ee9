using ClusterMesh.Mesh.Status;
using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Proxy;
using ClusterMesh.Proxy.Listen;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Proxy.Hosting;

/// <summary>
/// Sends requests through a second, private pipeline on loopback before ready, so that the first real ones meet compiled code.
/// A cold proxy runs at half speed for its first seconds (l7-performance.md). Nothing of it shows in metrics.
/// </summary>
internal static class WarmUp
{
    private const int Clients = 8;

    public static async Task RunAsync(TimeSpan duration, ListenSettings listen, string cluster, ILoggerFactory logs, TimeProvider time, CancellationToken stop)
    {
        if (duration == TimeSpan.Zero) return;
        await using var backend = await StartAsync(listen, logs, AnswerAsync, stop);
        await using var proxy = ProxyCore.Create(new() { Cluster = cluster }, logs, time);
        proxy.State.Apply(Mesh(cluster, PortOf(backend)), new([], Route()));
        await using var front = await StartAsync(listen, logs, proxy.InvokeAsync, stop);
        var url = $"http://127.0.0.1:{PortOf(front)}/warm-up?x=1";
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null });
        var begun = time.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => LoadAsync()));

        async Task LoadAsync()
        {
            while (time.GetElapsedTime(begun) < duration && !stop.IsCancellationRequested)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, url);
                using var response = await client.SendAsync(request, stop);
                await response.Content.CopyToAsync(Stream.Null, stop);
            }
        }
    }

    // As most backends answer: the compiler optimizes for what it sees here.
    private static Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = 4;
        return context.Response.WriteAsync("warm");
    }

    private static async Task<WebApplication> StartAsync(ListenSettings listen, ILoggerFactory logs, RequestDelegate answer, CancellationToken stop)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(logs);
        KestrelSetup.Configure(builder.WebHost, listen with { Http = [new(IPAddress.Loopback, 0)], Https = [] }, static _ => throw new InvalidOperationException("no TLS here"));
        var app = builder.Build();
        ((IApplicationBuilder)app).Run(answer);
        await app.StartAsync(stop);
        return app;
    }

    private static int PortOf(WebApplication app) => new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    private static readonly ObjectKey s_service = new("clustermesh", "warm-up");

    private static MeshSnapshot Mesh(string cluster, int port)
    {
        var service = new ServiceObject(new(s_service), [new("", 80)]);
        var model = new ServiceModel(service, ServiceMode.NotGlobal, [new(service.Ports[0], [new(cluster, "127.0.0.1", port)])]);
        return new(1, new(cluster), ImmutableSortedDictionary<string, ClusterStatus>.Empty, ImmutableDictionary<ObjectKey, ServiceModel>.Empty.Add(s_service, model), []);
    }

    private static RouteModel Route() => new() { Name = "warm-up", Owner = "gateway", OwnerKey = s_service, Split = new([new(s_service, 80, 1)]) };
}
