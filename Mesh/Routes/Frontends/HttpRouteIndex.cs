using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Routes.Frontends;

/// <summary>HTTPRoutes by the Services that they have as parents, oldest first. Kept while the list is the same one.</summary>
internal sealed class HttpRouteIndex
{
    private IReadOnlyList<HttpRouteObject>? _of;
    private ILookup<ObjectKey, HttpRouteObject> _byService = Array.Empty<HttpRouteObject>().ToLookup(route => route.Key);

    public IEnumerable<HttpRouteObject> this[ObjectKey service] => _byService[service];

    public void Take(IReadOnlyList<HttpRouteObject> routes)
    {
        if (ReferenceEquals(_of, routes)) return;
        _of = routes;
        // Without a creation time a route counts as newest; names break ties (peers.md 2.3).
        _byService = routes.OrderBy(route => route.Meta.CreationTimestamp ?? DateTimeOffset.MaxValue).ThenBy(route => route.Key)
            .SelectMany(route => ParentPorts.ServicesOf(route).Distinct().Select(service => (service, route)))
            .ToLookup(pair => pair.service, pair => pair.route);
    }
}
