using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Routes.Frontends;

/// <summary>The one route of a frontend that no HTTPRoute has as its parent: to the service itself.</summary>
internal static class DefaultRoutes
{
    public static RouteModel To(ServiceObject service, int port) => new()
    {
        Name = $"{service.Key}:{port}",
        Owner = $"Service {service.Key}",
        OwnerKey = service.Key,
        Frontend = $"{service.Key}:{port}",
        Split = new([new(service.Key, port, 1)]),
        Policy = RoutePolicy.InMesh with
        {
            LoadBalance = LoadBalanceOf(service),
            Protocol = BackendProtocols.InMesh(service.Ports.First(candidate => candidate.Port == port && candidate.Protocol == "TCP").AppProtocol),
        },
    };

    /// <summary>sessionAffinity ClientIP: the same client, the same backend, as long as it is there.</summary>
    public static LoadBalance? LoadBalanceOf(ServiceObject service) => service.ClientAffinity is null ? null : new(LoadBalanceKind.Hash, new(HashKeyKind.ClientAddress, ""));
}
