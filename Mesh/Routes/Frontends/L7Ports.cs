using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Mesh.Routes.Frontends;

/// <summary>The ports of a service whose requests the nodes' proxies balance.</summary>
internal static class L7Ports
{
    /// <summary>In order. By annotation all TCP ports but those that say they speak something else than plain HTTP; else those that a route has as its parent.</summary>
    /// <param name="routes">Those that have the service as a parent.</param>
    public static ImmutableArray<int> Of(ServiceObject service, IEnumerable<HttpRouteObject> routes, Action<string, string, string> problem)
    {
        var asked = L7Annotations.Read(service, problem);
        if (!asked && !routes.Any()) return [];
        if (service.Headless)
        {
            problem("spec.clusterIP", "a headless service has no address whose requests could be balanced", "its clients choose a backend themselves");
            return [];
        }

        if (service.InternalLocal)
        {
            problem("spec.internalTrafficPolicy", "is Local, which only the kernel knows how to keep", "its connections are balanced, not its requests");
            return [];
        }

        var ports = routes.SelectMany(route => ParentPorts.Of(service, route));
        if (asked) ports = ports.Concat(service.Ports.Where(port => port.Protocol == "TCP" && BackendProtocols.MayBeHttp(port.AppProtocol)).Select(port => port.Port));
        return [.. ports.Distinct().Order()];
    }
}
