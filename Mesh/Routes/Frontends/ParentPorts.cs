using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Routes.Frontends;

/// <summary>
/// Which ports of a service an HTTPRoute is attached to. Only a producer's route counts, in the service's own namespace: a route of
/// somebody else would speak for his clients alone, and nobody here knows whose requests these are.
/// </summary>
internal static class ParentPorts
{
    public static IEnumerable<ObjectKey> ServicesOf(HttpRouteObject route) =>
        route.Parents.Where(parent => parent.IsService && IsOwn(route, parent)).Select(parent => new ObjectKey(route.Key.Namespace, parent.Name));

    public static bool IsOwn(HttpRouteObject route, ParentReference parent) => parent.Namespace is null or "" || parent.Namespace == route.Key.Namespace;

    /// <summary>Of all its parents that are this service.</summary>
    public static IEnumerable<int> Of(ServiceObject service, HttpRouteObject route) =>
        route.Parents.Where(parent => parent.IsService && IsOwn(route, parent) && parent.Name == service.Key.Name).SelectMany(parent => Of(service, parent)).Distinct();

    /// <summary>A port that the parent names, by number or as a section, is believed to be HTTP; of all ports only those that may be.</summary>
    public static IEnumerable<int> Of(ServiceObject service, ParentReference parent) =>
        from port in service.Ports
        where port.Protocol == "TCP" && (parent.Port ?? port.Port) == port.Port && (parent.SectionName ?? port.Name) == port.Name
        where parent.Port is not null || parent.SectionName is not null || BackendProtocols.MayBeHttp(port.AppProtocol)
        select port.Port;
}
