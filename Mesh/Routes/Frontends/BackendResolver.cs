using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Routes.Frontends;

/// <summary>From a reference to the port of a Service, or to why it leads nowhere (the reasons of peers.md 2.3: InvalidKind, RefNotPermitted, BackendNotFound).</summary>
internal sealed class BackendResolver(ReferenceGrants grants, Func<ObjectKey, ServiceObject?> service)
{
    public (ObjectKey Service, ServicePort? Port, string? Why) Resolve(string from, BackendReference reference)
    {
        var key = new ObjectKey(reference.Namespace is null or "" ? from : reference.Namespace, reference.Name);
        if (!reference.IsService) return (key, null, $"{reference.Kind} of group \"{reference.Group}\" cannot be a backend, expected a Service of group \"\"");
        if (!grants.Allow(from, key)) return (key, null, $"Service {key} is in another namespace, and no ReferenceGrant there lets HTTPRoutes of {from} refer to it");
        if (service(key) is not { } found) return (key, null, $"Service {key} does not exist");
        var port = found.Ports.FirstOrDefault(candidate => candidate.Protocol == "TCP" && candidate.Port == reference.Port);
        return (key, port, port is null ? $"Service {key} has no TCP port {reference.Port}" : null);
    }
}
