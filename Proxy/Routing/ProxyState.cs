using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Proxy.Health;
using ClusterMesh.Proxy.Match;
using ClusterMesh.Proxy.Split;

namespace ClusterMesh.Proxy.Routing;

/// <summary>Holds the snapshot in force and what outlives it. Apply is called by the one writer; everything else only reads.</summary>
internal sealed class ProxyState(HealthTable health, TimeProvider time)
{
    private readonly Dictionary<(ObjectKey, int), ServicePortState> _ports = [];
    private readonly Dictionary<string, RouteState> _routes = new(StringComparer.Ordinal);
    private Dictionary<string, Route> _lastRoutes = new(StringComparer.Ordinal);
    private ImmutableDictionary<ObjectKey, ServiceModel> _services = ImmutableDictionary<ObjectKey, ServiceModel>.Empty;
    private readonly FrontendTable _frontends = new();
    private RouteTable? _table;
    private ProxySnapshot? _snapshot;

    /// <summary>Null until the first snapshot is applied.</summary>
    public ProxySnapshot? Snapshot => Volatile.Read(ref _snapshot);

    /// <summary>Builds aside and swaps whole; backends first, as routes refer to them.</summary>
    public void Apply(MeshSnapshot mesh, RouteTable table)
    {
        var before = Snapshot;
        var changed = before is not null && mesh.Version == before.Version + 1 && !mesh.Changed.IsDefault ? mesh.Changed : Differing(mesh.Services);
        var routesHold = before is not null && ReferenceEquals(table, _table) && changed.All(key => SameForRoutes(_services.GetValueOrDefault(key), mesh.Services.GetValueOrDefault(key)));
        var retired = UpdatePorts(mesh, changed);
        _table = table;
        if (routesHold)
        {
            Volatile.Write(ref _snapshot, before! with { Version = mesh.Version, AppliedAt = time.GetUtcNow(), Mesh = mesh });
            return;
        }

        var built = new Dictionary<string, Route>(table.Routes.Length, StringComparer.Ordinal);
        Route Make(RouteModel model) => built[model.Name] = Build(model, mesh);
        Route[] routes = [.. table.Routes.Select(Make)];
        var fallback = table.Default is { } byDefault ? Make(byDefault) : null;
        _frontends.Take(table.Frontends, Make);
        _lastRoutes = built;
        foreach (var name in _routes.Keys.Where(name => !built.ContainsKey(name)).ToArray()) _routes.Remove(name);
        var matcher = new RouteMatcher(routes, fallback, Snapshot?.Matcher);
        Volatile.Write(ref _snapshot, new(mesh.Version, time.GetUtcNow(), mesh, matcher, [.. routes, .. _frontends.Routes], fallback) { Frontends = _frontends.Matchers });
        // Only now: until the swap, routes of the old snapshot led there.
        foreach (var port in retired) port.Retire();
    }

    /// <summary>The state of a service's port, for those who show it.</summary>
    public ServicePortState? Port(ObjectKey service, int port)
    {
        lock (_ports) return _ports.GetValueOrDefault((service, port));
    }

    // Most changes are backends that come and go; the routes lead to the same ports then.
    private static bool SameForRoutes(ServiceModel? before, ServiceModel? now) =>
        before is not null && now is not null && ReferenceEquals(before.Object, now.Object) && before.Ports.Length == now.Ports.Length;

    private ImmutableArray<ObjectKey> Differing(ImmutableDictionary<ObjectKey, ServiceModel> services) =>
    [
        .. services.Where(service => !ReferenceEquals(_services.GetValueOrDefault(service.Key), service.Value)).Select(service => service.Key),
        .. _services.Keys.Where(key => !services.ContainsKey(key)),
    ];

    // Costs what changed. Gives the ports that are gone.
    private List<ServicePortState> UpdatePorts(MeshSnapshot mesh, ImmutableArray<ObjectKey> changed)
    {
        var gone = new List<ServicePortState>();
        lock (_ports)
        {
            foreach (var key in changed)
            {
                var before = _services.GetValueOrDefault(key);
                var now = mesh.Services.GetValueOrDefault(key);
                foreach (var port in now?.Ports ?? []) PortOf(key, port.Port.Port, mesh.LocalCluster).Update(now!.Mode, port.Backends);
                if (before is not null) RemovePorts(before.Ports.Where(port => now?.Port(port.Port.Port) is null), key, gone);
            }
        }

        _services = mesh.Services;
        return gone;
    }

    private ServicePortState PortOf(ObjectKey service, int port, string localCluster)
    {
        if (!_ports.TryGetValue((service, port), out var state)) _ports[(service, port)] = state = new(service, port, localCluster, health, time);
        return state;
    }

    private void RemovePorts(IEnumerable<ServicePortModel> ports, ObjectKey service, List<ServicePortState> gone)
    {
        foreach (var port in ports)
        {
            if (_ports.Remove((service, port.Port.Port), out var state)) gone.Add(state);
        }
    }

    private Route Build(RouteModel model, MeshSnapshot mesh)
    {
        _lastRoutes.TryGetValue(model.Name, out var before);
        if (before is not null && ReferenceEquals(before.Model, model) && before.Targets.Concat(before.Mirrors.Select(mirror => mirror.Target)).All(target => Same(target, model.Policy, mesh))) return before;
        if (!_routes.TryGetValue(model.Name, out var state)) _routes[model.Name] = state = new(model.Name, time);
        var split = before is not null && ReferenceEquals(before.Split.Model, model.Split) ? before.Split : new SplitTable(model.Split);
        return new(model, split, [.. model.Split.Targets.Select(target => BuildTarget(target, model.Policy, mesh, state))], state)
        {
            Mirrors = [.. model.Filters.Mirrors.Select(mirror => new Mirror(mirror, BuildTarget(new(mirror.Service, mirror.Port, 1) { Protocol = mirror.Protocol }, model.Policy, mesh, state)))],
        };
    }

    private bool Same(Target target, RoutePolicy policy, MeshSnapshot mesh) =>
        ReferenceEquals(target.Port, PortOf(target.Model)) && target.LoadBalance == Balance(target.Model, policy, mesh);

    private Target BuildTarget(TargetModel model, RoutePolicy policy, MeshSnapshot mesh, RouteState state)
    {
        var name = model.Port is { } port ? $"{model.Service}:{port}" : $"{model.Service}";
        return new(model, name, PortOf(model), Balance(model, policy, mesh), model.Protocol is { } own && own != policy.Protocol ? policy with { Protocol = own } : policy) { Turns = state.TargetTurns(name), Number = state.Series.Number(name, model) };
    }

    private ServicePortState? PortOf(TargetModel model) => model.Port is { } port ? _ports.GetValueOrDefault((model.Service, port)) : null;

    private static LoadBalance Balance(TargetModel model, RoutePolicy policy, MeshSnapshot mesh) =>
        model.LoadBalance ?? policy.LoadBalance ?? mesh.Services.GetValueOrDefault(model.Service)?.LoadBalance ?? default;
}
