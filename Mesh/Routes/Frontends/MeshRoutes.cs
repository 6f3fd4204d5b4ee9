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
    private readonly MeshRouteInputs _inputs = new();
    private Dictionary<(ObjectKey, int), FrontendRoutes> _frontends = [];
    private MeshRouteModel? _last;

    /// <summary>The same value as the last time where no HTTPRoute and no service but for its backends has changed.</summary>
    public MeshRouteModel Compile(MeshSnapshot mesh)
    {
        if (_last is { } last && _inputs.Covers(mesh)) return last;
        _inputs.Take(mesh);
        var frontends = new Dictionary<(ObjectKey, int), FrontendRoutes>();
        foreach (var service in mesh.Services.Values.Select(model => model.Object).OrderBy(service => service.Key))
        {
            foreach (var port in L7Ports.Of(service, static (_, _, _) => { })) frontends[(service.Key, port)] = Frontend(service, port);
        }

        _frontends = frontends;
        return _last = new(new RouteTable([]) { Frontends = [.. frontends.Values] }, []);
    }

    private FrontendRoutes Frontend(ServiceObject service, int port)
    {
        var fallback = DefaultRoutes.To(service, port);
        return _frontends.GetValueOrDefault((service.Key, port)) is { Default: { } before } same && before.Equals(fallback) ? same : new(service.Key, port, [], fallback);
    }
}

/// <param name="Routes">Frontends alone; no routes of the edge.</param>
/// <param name="Problems">What is wrong with the HTTPRoutes.</param>
public sealed record MeshRouteModel(RouteTable Routes, ImmutableArray<Problem> Problems);
