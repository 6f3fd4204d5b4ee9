using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Mesh.Routes.Frontends;

/// <summary>
/// What a node's proxy routes by: from HTTPRoutes whose parent is a Service (GAMMA, peers.md 2.3) and from the services that are
/// balanced by requests. A pure function, but for what it remembers of unchanged objects. One thread at a time.
/// </summary>
public sealed class MeshRoutes
{
    private readonly RouteInputs _inputs = new(static local => local.HttpRoutes, static local => local.ReferenceGrants);
    private readonly HttpRouteIndex _index = new();
    private readonly CompiledHttpRoutes _compiled = new();
    private Dictionary<(ObjectKey, int), Frontend> _frontends = [];
    private MeshRouteModel? _last;

    /// <summary>The same value as the last time where no HTTPRoute, no ReferenceGrant and no service but for its backends has changed.</summary>
    public MeshRouteModel Compile(MeshSnapshot mesh)
    {
        if (_inputs.Covers(mesh) && _last is { } last) return last;
        // Should it throw, there is nothing to go on with next time.
        _last = null;
        _index.Take(mesh.Local.HttpRoutes);
        _compiled.Take(mesh.LocalCluster, mesh.Local.HttpRoutes, mesh.Local.ReferenceGrants, key => mesh.Services.GetValueOrDefault(key)?.Object);
        var frontends = new Dictionary<(ObjectKey, int), Frontend>();
        foreach (var service in mesh.Services.Values.Select(model => model.Object).OrderBy(service => service.Key))
        {
            foreach (var port in L7Ports.Of(service, _index[service.Key], static (_, _, _) => { })) frontends[(service.Key, port)] = Make(mesh.LocalCluster, service, port);
        }

        Keep(frontends, mesh);
        _frontends = frontends;
        ImmutableArray<Problem> problems = [.. _compiled.All.SelectMany(route => route.Problems), .. frontends.Values.SelectMany(frontend => frontend.Problems)];
        return _last = new(new RouteTable([]) { Frontends = [.. frontends.Values.Select(frontend => frontend.Routes)] }, problems);
    }

    // A connection that began by requests stays so: its next one still finds the service, whatever marked it.
    private void Keep(Dictionary<(ObjectKey, int), Frontend> frontends, MeshSnapshot mesh)
    {
        foreach (var (key, port) in _frontends.Keys.Where(key => !frontends.ContainsKey(key)))
        {
            if (mesh.Services.GetValueOrDefault(key)?.Object is { Headless: false } service && service.Ports.Any(one => one.Protocol == "TCP" && one.Port == port))
                frontends[(key, port)] = Make(mesh.LocalCluster, service, port);
        }
    }

    private Frontend Make(string cluster, ServiceObject service, int port)
    {
        CompiledHttpRoute[] routes = [.. _index[service.Key].Where(route => ParentPorts.Of(service, route).Contains(port)).Select(route => _compiled[route])];
        if (_frontends.TryGetValue((service.Key, port), out var before) && ReferenceEquals(before.Service, service) && before.Of.AsSpan().SequenceEqual(routes, ReferenceEqualityComparer.Instance)) return before;
        if (routes.Length == 0) return new(service, routes, new(service.Key, port, [], DefaultRoutes.To(service, port)), []);
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var compiled = FrontendCompiler.Compile(service.Key, port, routes, (route, field, reason, instead) => problems.Add(new(cluster, $"{route.Kind} {route.Key}", field, reason, instead)));
        return new(service, routes, compiled, problems.ToImmutable());
    }

    private sealed record Frontend(ServiceObject Service, CompiledHttpRoute[] Of, FrontendRoutes Routes, ImmutableArray<Problem> Problems);
}

/// <param name="Routes">Frontends alone; no routes of the edge.</param>
/// <param name="Problems">What is wrong with the HTTPRoutes.</param>
public sealed record MeshRouteModel(RouteTable Routes, ImmutableArray<Problem> Problems);
