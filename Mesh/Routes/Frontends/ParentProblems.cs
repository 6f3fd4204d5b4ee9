using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Routes.Frontends;

/// <summary>What is wrong with an HTTPRoute's parents and hostnames; that part of it has no effect.</summary>
internal static class ParentProblems
{
    private const string Ignored = "this parent is ignored";

    public static IEnumerable<(string Field, string Reason, string Instead)> Of(HttpRouteObject route, Func<ObjectKey, ServiceObject?> service)
    {
        if (route.Parents.IsEmpty) yield return ("spec.parentRefs", "names no parent", "the route has no effect");
        for (var i = 0; i < route.Parents.Length; i++)
        {
            if (Wrong(route, route.Parents[i], service) is { } reason) yield return ($"spec.parentRefs[{i}]", reason, Ignored);
        }

        if (!route.Hostnames.IsEmpty && route.Parents.Any(parent => parent.IsService))
            yield return ("spec.hostnames", "says nothing for a Service as parent: all requests for the Service follow the route", "it is ignored");
    }

    private static string? Wrong(HttpRouteObject route, ParentReference parent, Func<ObjectKey, ServiceObject?> service)
    {
        if (parent.Kind == "Gateway") return $"{parent}: the gateway does not serve the Gateway API yet";
        if (!parent.IsService) return $"{parent} of group \"{parent.Group}\" cannot be a parent, expected a Service of group \"\"";
        if (!ParentPorts.IsOwn(route, parent)) return $"{parent} is in another namespace, and routes of consumers are not supported";
        if (service(new(route.Key.Namespace, parent.Name)) is not { } found) return $"{parent} does not exist";
        if (found.Headless) return $"{parent} is headless: it has no address whose requests could be routed";
        if (ParentPorts.Of(found, parent).Any()) return null;
        return parent.Port is null && parent.SectionName is null ? $"{parent} has no TCP port that may be HTTP" : $"{parent} has no TCP port {parent.SectionName ?? $"{parent.Port}"}{(parent is { Port: { } number, SectionName: not null } ? $" with number {number}" : "")}";
    }
}
