using ClusterMesh.Proxy.Hosting;
using System.Net;
using ClusterMesh.Ingress.Hosting;
using ClusterMesh.Ingress.Options;
using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Proxy;
using ClusterMesh.Proxy.Admin;
using ClusterMesh.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Ingress.Tests.Admin;

/// <summary>The gateway's parts on ports of their own, as Gateway puts them together, from manifests to the admin port.</summary>
internal sealed class LiveGateway : IAsyncDisposable
{
    private readonly string _manifests = Directory.CreateTempSubdirectory().FullName;
    private readonly List<WebApplication> _apps = [];
    private readonly TelemetryHost _telemetry;
    private readonly ProxyCore _proxy;

    private LiveGateway(Uri? otlp, double sample)
    {
        var options = new IngressOptions
        {
            Cluster = "west",
            Source = new DirectoryOptions(_manifests, []),
            Listen = new() { Http = [new(IPAddress.Loopback, 0)], Inline = false },
            Edge = new(),
            Ingress = new(),
            Admin = new(IPAddress.Loopback, 0),
            AccessLog = "off",
            Otlp = otlp,
            TraceSample = sample,
        };
        _telemetry = TelemetryHost.Create(options.Telemetry, static _ => null);
        _proxy = ProxyCore.Create(new() { Cluster = "west", AccessLog = "off" }, _telemetry.Logs, TimeProvider.System);
        Options = options;
    }

    public IngressOptions Options { get; }

    public ProxyCore Proxy => _proxy;

    public HttpClient Client { get; } = new(new SocketsHttpHandler { ActivityHeadersPropagator = null });

    public HttpClient Admin { get; } = new();

    public static async Task<LiveGateway> StartAsync(Func<int, string> manifests, RequestDelegate backend, Uri? otlp = null, double sample = 1)
    {
        var gateway = new LiveGateway(otlp, sample);
        var port = await gateway.BackendAsync(backend);
        await File.WriteAllTextAsync(Path.Combine(gateway._manifests, "all.yaml"), manifests(port));
        var state = new IngressState(gateway.Options, gateway._proxy, gateway._telemetry.Runtime, gateway._telemetry.Logs.CreateLogger("test"), TimeProvider.System);
        new MeshWriter("west", state.Apply).Start(new DirectorySource("west", gateway._manifests, TimeProvider.System).Load());
        gateway.Client.BaseAddress = await gateway.RunAsync(TrafficServer.Build(gateway.Options, gateway._proxy, state, gateway._telemetry.Logs));
        gateway.Admin.BaseAddress = await gateway.RunAsync(AdminListener.Build(gateway.Options.Admin, gateway._telemetry.Logs, new AdminPages(gateway._proxy, state).InvokeAsync));
        return gateway;
    }

    public async Task GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = "foo.example";
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var reply = await Client.SendAsync(request);
    }

    public Task RequestsAsync(int count) => Eventually.TrueAsync(() => _proxy.Recorder.Requests >= count, $"{count} requests have ended");

    /// <summary>Ends the telemetry, which pushes what is queued.</summary>
    public void FlushTelemetry() => _telemetry.Dispose();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Admin.Dispose();
        foreach (var app in _apps) await app.DisposeAsync();
        await _proxy.DisposeAsync();
        _telemetry.Dispose();
        Directory.Delete(_manifests, recursive: true);
    }

    private async Task<int> BackendAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        ((IApplicationBuilder)app).Run(answer);
        return (await RunAsync(app)).Port;
    }

    private async Task<Uri> RunAsync(WebApplication app)
    {
        _apps.Add(app);
        await app.StartAsync();
        return new(app.Urls.Single());
    }
}

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TelemetryRunsAlone
{
    public const string Name = "telemetry";
}
