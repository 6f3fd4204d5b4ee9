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
    private readonly MeshRoutes _routes = new();
    private readonly FrontendAddresses _frontends = new();
    private readonly ProblemLog _said = new(log);
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Cluster => options.Cluster;

    public EdgeSettings Edge { get; } = InMesh;

    /// <summary>Everybody on this side of the edge is believed about who asked him: the chain of X-Forwarded-For goes on.</summary>
    public static EdgeSettings InMesh { get; } = new() { TrustedProxies = [new(IPAddress.Any, 0)] };

    public Lifecycle Lifecycle { get; } = new(time);

    public IReadOnlyList<string> Listeners => [place.IsIn ? "connections from the kernel" : "no connections: the kernel balances or refuses"];

    public ImmutableArray<Problem> Problems { get; private set; } = [];

    public IReadOnlyList<CertificateStatus> Certificates => [];

    public long Version => proxy.State.Snapshot?.Version ?? 0;

    /// <summary>Routes that the kernel knew of first.</summary>
    public AwaitedRoutes Awaited { get; } = new(time);

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
        Awaited.Applied();
    }

    public bool HasRoutes(IFrontendFeature? frontend) => frontend is not null && proxy.State.Snapshot?.MatcherOf(frontend) is not null;

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
