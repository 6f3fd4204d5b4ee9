using ClusterMesh.Mesh.Status;
using System.Collections.Immutable;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Proxy.Tests.Support;

/// <summary>Services of real backends and the routes to them, seen from cluster west.</summary>
internal sealed class MeshBuilder
{
    public const string Local = "west", Remote = "east";

    private static readonly ServicePort s_port = new("http", 80);

    private readonly Dictionary<ObjectKey, ServiceModel> _services = [];
    private readonly List<RouteModel> _routes = [];
    private readonly List<FrontendRoutes> _frontends = [];

    /// <summary>A global service with affinity local.</summary>
    public MeshBuilder Service(string name, params ITestBackend[] backends) => Service(name, new ServiceMode { Global = true, Affinity = Affinity.Local }, backends);

    public MeshBuilder Service(string name, ServiceMode mode, params ITestBackend[] backends)
    {
        var service = new ServiceObject(new(Key(name)), [s_port]);
        _services[service.Key] = new(service, mode, [new(s_port, [.. backends.Select(backend => backend.Model)])]);
        return this;
    }

    /// <summary>The service's backends are probed.</summary>
    public MeshBuilder Probed(string service, HealthCheckModel check)
    {
        _services[Key(service)] = _services[Key(service)] with { HealthCheck = check };
        return this;
    }

    public MeshBuilder Route(string service, RoutePolicy? policy = null, string path = "/", HostMatch? host = null) =>
        Route(new SplitModel([Target(service, 1)]), policy, path, host);

    public MeshBuilder Route(SplitModel split, RoutePolicy? policy = null, string path = "/", HostMatch? host = null)
    {
        _routes.Add(new()
        {
            Name = $"default/web {host ?? HostMatch.Any}{path}",
            Owner = "Ingress default/web",
            OwnerKey = Key("web"),
            Host = host ?? HostMatch.Any,
            Path = new(PathMatchKind.Prefix, path),
            Split = split,
            Policy = policy ?? RoutePolicy.Default,
        });
        return this;
    }

    /// <summary>A route with filters of its own; of HTTPRoute's strict kind.</summary>
    public MeshBuilder Filtered(string service, RouteFilters filters, string path = "/", RoutePolicy? policy = null, HeaderEdits? request = null, HeaderEdits? response = null)
    {
        Route(new SplitModel([Target(service, 1) with { RequestHeaders = request ?? HeaderEdits.None, ResponseHeaders = response ?? HeaderEdits.None }]) { Strict = true }, policy, path);
        return Filtered(filters);
    }

    /// <summary>The last route, with filters.</summary>
    public MeshBuilder Filtered(RouteFilters filters)
    {
        _routes[^1] = _routes[^1] with { Filters = filters };
        return this;
    }

    /// <summary>What those get who asked for a port of a service and came to the node's proxy.</summary>
    public MeshBuilder Frontend(string service, string to, string? path = null, RouteFilters? filters = null, int port = 80)
    {
        RouteModel model = new()
        {
            Name = $"default/{service}:80{path}",
            Owner = $"HTTPRoute default/{service}",
            OwnerKey = Key(service),
            Path = new(PathMatchKind.Prefix, path ?? "/"),
            Split = new([Target(to, 1)]),
            Filters = filters ?? RouteFilters.None,
        };
        _frontends.Add(new(Key(service), port, path is null ? [] : [model], path is null ? model : null));
        return this;
    }

    public static ObjectKey Key(string name) => new("default", name);

    public static TargetModel Target(string service, long weight) => new(Key(service), s_port.Port, weight);

    public (MeshSnapshot Mesh, RouteTable Routes) Build(long version) =>
        (new(version, new(Local), ImmutableSortedDictionary<string, ClusterStatus>.Empty, _services.ToImmutableDictionary(), []), new([.. _routes]) { Frontends = [.. _frontends] });
}
