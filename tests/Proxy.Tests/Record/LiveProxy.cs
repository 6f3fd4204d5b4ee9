using ClusterMesh.Mesh.Status;
using System.Collections.Immutable;
using ClusterMesh.Mesh.Clusters;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Proxy.Listen;
using ClusterMesh.Proxy.Record.Prometheus;
using ClusterMesh.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Proxy.Tests.Record;

/// <summary>The pipeline behind real Kestrel, with an access log in a file, and a client that follows nothing and adds nothing.</summary>
internal sealed class LiveProxy : IAsyncDisposable
{
    private readonly string _log = Path.GetTempFileName();
    private readonly WebApplication _app;

    private LiveProxy(bool log)
    {
        Core = ProxyCore.Create(new() { Cluster = "west", AccessLog = log ? _log : "off" }, NullLoggerFactory.Instance, TimeProvider.System);
        var builder = WebApplication.CreateEmptyBuilder(new());
        KestrelSetup.Configure(builder.WebHost, new() { Http = [new(IPAddress.Loopback, 0)], Inline = false }, _ => throw new NotSupportedException());
        _app = builder.Build();
        ((IApplicationBuilder)_app).Run(Core.InvokeAsync);
    }

    public ProxyCore Core { get; }

    public HttpClient Client { get; } = new(new SocketsHttpHandler { ActivityHeadersPropagator = null, AllowAutoRedirect = false });

    public static async Task<LiveProxy> StartAsync(RouteModel route, bool log = true, params (string Service, Backend[] Backends)[] services)
    {
        var proxy = new LiveProxy(log);
        var models = services.Select(service => Model(service.Service, service.Backends)).ToDictionary(model => model.Key);
        proxy.Core.State.Apply(new MeshSnapshot(7, new("west"), ImmutableSortedDictionary<string, ClusterStatus>.Empty, models.ToImmutableDictionary(), []), new([route]));
        await proxy._app.StartAsync();
        proxy.Client.BaseAddress = new(proxy._app.Urls.Single());
        return proxy;
    }

    public static RouteModel Route(params TargetModel[] targets) => new()
    {
        Name = "default/web foo.example/api",
        Owner = "Ingress default/web",
        OwnerKey = new("default", "web"),
        Host = new(HostMatchKind.Exact, "foo.example"),
        Path = new(PathMatchKind.Prefix, "/api"),
        Split = new([.. targets]),
    };

    public static TargetModel Target(string service, long weight = 100, string? canary = null) =>
        new(new("default", service), 80, weight, canary is null ? null : new ObjectKey("default", canary));

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string target, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, target);
        request.Headers.Host = "foo.example";
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request);
    }

    public Task<HttpResponseMessage> GetAsync(string target, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, target, headers);

    /// <summary>The page once so many requests have ended: a client may have its answer a moment before that.</summary>
    public async Task<PrometheusPage> ScrapeAsync(int requests)
    {
        await Eventually.TrueAsync(() => Core.Recorder.Requests >= requests, $"{requests} requests have ended");
        var pipe = new Pipe();
        var writing = Task.Run(async () =>
        {
            await ProxyMetrics.WriteAsync(new(pipe.Writer, Core, null, default));
            await pipe.Writer.CompleteAsync();
        });
        using var reader = new StreamReader(pipe.Reader.AsStream(), Encoding.UTF8);
        var text = await reader.ReadToEndAsync();
        await writing;
        return PrometheusPage.Parse(text);
    }

    public async Task<JsonElement[]> LinesAsync(int count)
    {
        string[] lines = [];
        await Eventually.TrueAsync(() => (lines = File.ReadAllLines(_log)).Length >= count, $"the access log has {count} lines");
        return [.. lines.Select(line => JsonDocument.Parse(line).RootElement)];
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await Core.DisposeAsync();
        File.Delete(_log);
    }

    private static ServiceModel Model(string name, Backend[] backends)
    {
        var port = new ServicePort("", 80);
        var mode = backends.Any(backend => backend.Cluster != "west") ? new ServiceMode { Global = true, Affinity = Affinity.Local } : ServiceMode.NotGlobal;
        return new(new(new(new ObjectKey("default", name)), [port]), mode, [new(port, [.. backends])]);
    }
}

/// <summary>Listens to the proxy's spans. Sources are the process's: tests that listen run alone (<see cref="ListenersRunAlone"/>).</summary>
internal sealed class SpanListener : IDisposable
{
    private readonly ActivityListener _listener;

    public SpanListener(ActivitySamplingResult sampling = ActivitySamplingResult.AllDataAndRecorded)
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == "ClusterMesh.Proxy",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                sampling == ActivitySamplingResult.PropagationData && options.Parent != default && options.Kind == ActivityKind.Client ? ActivitySamplingResult.None : sampling,
            ActivityStopped = Spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ConcurrentQueue<Activity> Spans { get; } = new();

    public Activity Server => Spans.Single(span => span.Kind == ActivityKind.Server);

    public Activity[] Attempts => [.. Spans.Where(span => span.Kind == ActivityKind.Client)];

    public void Dispose() => _listener.Dispose();
}

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ListenersRunAlone
{
    public const string Name = "listeners";
}
