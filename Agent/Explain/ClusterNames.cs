using System.Net;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Agent.Explain;

/// <summary>What a cluster's DNS would answer to a pod, for services; names of elsewhere are not looked up. Pure.</summary>
internal static class ClusterNames
{
    private const string Zone = ".cluster.local";

    /// <param name="space">The pod's namespace.</param>
    public static Resolved Resolve(string host, string space, MeshSnapshot mesh)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address)) return new(address, null, $"{address} is an address");
        if (Service(host, space) is not { } key) return new(null, null, $"{host} is not a name of this cluster, and names of elsewhere are not looked up here: ask by address");
        if (!mesh.Services.TryGetValue(key, out var service)) return new(null, null, $"{host} would be Service {key}, which does not exist");
        if (service.Object.Headless) return Headless(host, service);
        return IPAddress.TryParse(service.Object.ClusterIP, out address)
            ? new(address, service, $"{host} is Service {key}, {address}")
            : new(null, service, $"{host} is Service {key}, which has no address of its own ({service.Object.Type})");
    }

    /// <summary>svc, svc.ns, svc.ns.svc, svc.ns.svc.cluster.local; null: none of them.</summary>
    private static ObjectKey? Service(string host, string space)
    {
        var name = host.TrimEnd('.').ToLowerInvariant();
        if (name.EndsWith(Zone, StringComparison.Ordinal)) name = name[..^Zone.Length];
        return name.Split('.') switch
        {
            [{ Length: > 0 } service] => new(space, service),
            [{ Length: > 0 } service, { Length: > 0 } other] => new(other, service),
            [{ Length: > 0 } service, { Length: > 0 } other, "svc"] => new(other, service),
            _ => null,
        };
    }

    private static Resolved Headless(string host, ServiceModel service)
    {
        var active = service.Ports.SelectMany(port => port.Backends).FirstOrDefault(backend => backend.State == BackendState.Active);
        return active is not null && IPAddress.TryParse(active.Address, out var address)
            ? new(address, null, $"{host} is headless Service {service.Key}: DNS gives the addresses of its pods; what follows is for {address}")
            : new(null, service, $"{host} is headless Service {service.Key}, which has no pod that is ready");
    }
}

/// <param name="Address">Null: there is nothing to connect to.</param>
/// <param name="Service">Null: the address is not one of a service, as far as is known by its name.</param>
internal sealed record Resolved(IPAddress? Address, ServiceModel? Service, string Text);
