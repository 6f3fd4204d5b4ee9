using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Mesh.Routes.Frontends;

/// <summary>The ports of a service whose requests the nodes' proxies balance.</summary>
internal static class L7Ports
{
    /// <summary>In order. By annotation all TCP ports but those that say they speak something else than plain HTTP.</summary>
    public static ImmutableArray<int> Of(ServiceObject service, Action<string, string, string> problem)
    {
        if (!L7Annotations.Read(service, problem)) return [];
        if (service.Headless)
        {
            problem("spec.clusterIP", "a headless service has no address whose requests could be balanced", "its clients choose a backend themselves");
            return [];
        }

        return [.. service.Ports.Where(port => port.Protocol == "TCP" && BackendProtocols.MayBeHttp(port.AppProtocol)).Select(port => port.Port).Order()];
    }
}
