using ClusterMesh.Mesh;
using ClusterMesh.Proxy.Authorize;
using ClusterMesh.Proxy.Edge;
using ClusterMesh.Proxy.Filters;
using ClusterMesh.Proxy.Forward;
using ClusterMesh.Proxy.Health;
using ClusterMesh.Proxy.Pick;
using ClusterMesh.Proxy.Record;
using ClusterMesh.Proxy.Record.Access;
using ClusterMesh.Proxy.Record.Flows;
using ClusterMesh.Proxy.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace ClusterMesh.Proxy;

/// <summary>The L7 pipeline and all it needs, put together once for each host process.</summary>
internal sealed class ProxyCore : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly InvokerPool _invokers;
    private readonly ProxyPipeline _pipeline;
    private readonly ActiveProber _prober;
    private readonly AccessLog? _accessLog;

    private ProxyCore(ProxySettings settings, ILoggerFactory logs, IChance chance, TimeProvider time, IAuthorizer? authorizer, IFlowSink? flows)
    {
        // YARP's forwarder is made by its own registration; nothing else of its services is used.
        _services = new ServiceCollection().AddSingleton(logs).AddLogging().AddHttpForwarder().BuildServiceProvider();
        _invokers = new(time);
        Health = new(settings.Ejection, time, logs.CreateLogger<HealthTable>());
        State = new(Health, time);
        _prober = new(State, Health, time);
        _accessLog = AccessLog.Open(settings.AccessLog, time, logs.CreateLogger<AccessLog>());
        Authorizer = authorizer;
        Recorder = new(time, _accessLog, flows);
        var picker = new BackendPicker(chance);
        Choice = new(picker);
        Mirroring = new(_invokers, picker, authorizer, chance, time);
        var upstream = new YarpUpstream(_services.GetRequiredService<IHttpForwarder>(), _invokers);
        _pipeline = new(State, new(Choice, authorizer, upstream, Mirroring, Health, Recorder, time), Mirroring, settings.Edge, Recorder, chance, time, logs.CreateLogger<ProxyPipeline>());
        Time = time;
    }

    public HealthTable Health { get; }

    public ProxyState State { get; }

    public Recorder Recorder { get; }

    public TargetChoice Choice { get; }

    public Mirroring Mirroring { get; }

    /// <summary>Null at an edge that is nobody in the mesh.</summary>
    public IAuthorizer? Authorizer { get; }

    public TimeProvider Time { get; }

    /// <param name="authorizer">Who asks whether a caller may; null = at the edge, where nobody is known.</param>
    /// <param name="flows">Who is told of each request; null = nobody.</param>
    public static ProxyCore Create(ProxySettings settings, ILoggerFactory logs, TimeProvider time, IChance? chance = null, IAuthorizer? authorizer = null, IFlowSink? flows = null) =>
        new(settings, logs, chance ?? new ThreadChance(), time, authorizer, flows);

    public Task InvokeAsync(HttpContext context) => _pipeline.InvokeAsync(context);

    /// <summary>Work in the background, until stopped.</summary>
    public Task[] Run(CancellationToken stop) => [new EjectionLoop(Health, Time).RunAsync(stop), _prober.RunAsync(stop), _invokers.RunAsync(stop)];

    public async ValueTask DisposeAsync()
    {
        _prober.Dispose();
        _invokers.Dispose();
        if (_accessLog is not null) await _accessLog.DisposeAsync();
        await _services.DisposeAsync();
    }
}
