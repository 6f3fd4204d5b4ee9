using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes.Frontends;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Mesh.Telemetry.Prometheus;
using ClusterMesh.Proxy.Admin;
using ClusterMesh.Proxy.Edge;
using ClusterMesh.Proxy.Hosting;
using ClusterMesh.Proxy.Match;
using ClusterMesh.Proxy.Routing;
using ClusterMesh.Proxy.Node.Options;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Proxy.Node;

/// <summary>Holds what the node proxy has in force. Apply is called by the one writer; what was good stays when it throws.</summary>
internal sealed partial class NodeState(ProxyOptions options, ProxyCore proxy, DirectRoutes direct, ListenerPlace place, TelemetryHost telemetry, ILogger log, TimeProvider time) : IProxyHost
{
    private const int MostInVain = 1024;

    // The kernel and we are told at the same time, and the kernel is faster.
    private static readonly TimeSpan s_behind = TimeSpan.FromSeconds(2);

    private readonly MeshRoutes _routes = new();
    private readonly FrontendAddresses _frontends = new();
    private readonly ProblemLog _said = new(log);
    private readonly ConcurrentDictionary<IPEndPoint, bool> _inVain = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Cluster => options.Cluster;

    public EdgeSettings Edge { get; } = InMesh;

    /// <summary>Everybody on this side of the edge is believed about who asked him: the chain of X-Forwarded-For goes on.</summary>
    public static EdgeSettings InMesh { get; } = new() { TrustedProxies = [new(IPAddress.Any, 0)] };

    public Lifecycle Lifecycle { get; } = new(time);

    public IReadOnlyList<string> Listeners => [place.IsIn ? "connections from the kernel" : "no connections: the kernel balances or refuses"];

    public ImmutableArray<Problem> Problems { get; private set; } = [];

    public IReadOnlyList<CertificateStatus> Certificates => [];

    public long Version => proxy.State.Snapshot?.Version ?? 0;

    /// <summary>Completes once there is something to route by.</summary>
    public Task FirstSnapshot => _first.Task;

    public void Apply(MeshSnapshot mesh)
    {
        var model = _routes.Compile(mesh);
        // The addresses last: they lead to routes.
        proxy.State.Apply(mesh, model.Routes);
        _frontends.Apply(mesh);
        PropagationMeter.Applied(mesh, time);
        // What is wrong with the services is the agent's to tell.
        Problems = model.Problems;
        _said.Look(Problems);
        LogApplied(log, mesh.Version, model.Routes.Frontends.Length, Problems.Length);
        _first.TrySetResult();
        var applied = _applied;
        _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);
        applied.TrySetResult();
    }

    public bool HasRoutes(IFrontendFeature? frontend) => frontend is not null && proxy.State.Snapshot?.MatcherOf(frontend) is not null;

    /// <summary>
    /// Completes when there are routes for what was asked, or when that has taken too long: in the moment after a service was marked L7 the
    /// kernel may be ahead. Who was waited for in vain is not waited for again.
    /// </summary>
    public async Task RoutesOfAsync(IPEndPoint asked, CancellationToken cancel)
    {
        if (_inVain.ContainsKey(asked)) return;
        using var enough = new CancellationTokenSource(s_behind, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, cancel);
        while (_applied is { Task: var next } && !HasRoutes(FrontendOf(asked)))
        {
            await next.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!either.IsCancellationRequested) continue;
            if (_inVain.Count >= MostInVain) _inVain.Clear();
            if (!cancel.IsCancellationRequested) _inVain.TryAdd(asked, true);
            return;
        }
    }

    public IFrontendFeature? FrontendOf(IPEndPoint asked) => _frontends.ServiceOf(asked.Address) is { } service ? new Frontend(service, asked.Port) : null;

    public Route? Direct => direct.All;

    public Route? DirectTo(IPEndPoint asked) => direct.To(asked);

    public void WriteMetrics(MetricText text)
    {
        text.Single("clustermesh_proxy_connections", "gauge", "Connections from the kernel that are open.", place.Open);
        text.Single("clustermesh_proxy_taking_connections", "gauge", "1 = the kernel hands connections to this proxy.", place.IsIn ? 1 : 0);
        telemetry.Runtime.Write(text);
    }

    private sealed record Frontend(ObjectKey Service, int Port) : IFrontendFeature;

    [LoggerMessage(400, LogLevel.Debug, "snapshot {Version} applied: {Frontends} frontends by requests, {Problems} problems")]
    private static partial void LogApplied(ILogger log, long version, int frontends, int problems);
}
