using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Routes.Frontends;

/// <summary>From a reference to the port of a Service, or to why it leads nowhere (the reasons of peers.md 2.3: InvalidKind, RefNotPermitted, BackendNotFound).</summary>
internal sealed class BackendResolver(ReferenceGrants grants, Func<ObjectKey, ServiceObject?> service)
{
    /// <returns>The Service is null where there is none, or where it may not be asked about.</returns>
    public (ObjectKey Key, ServiceObject? Service, ServicePort? Port, string? Why) Resolve(string from, BackendReference reference)
    {
        var key = new ObjectKey(reference.Namespace is null or "" ? from : reference.Namespace, reference.Name);
        if (!reference.IsService) return (key, null, null, $"{reference.Kind} of group \"{reference.Group}\" cannot be a backend, expected a Service of group \"\"");
        if (!grants.Allow(from, key)) return (key, null, null, $"Service {key} is in another namespace, and no ReferenceGrant there lets HTTPRoutes of {from} refer to it");
        if (service(key) is not { } found) return (key, null, null, $"Service {key} does not exist");
        var port = found.Ports.FirstOrDefault(candidate => candidate.Protocol == "TCP" && candidate.Port == reference.Port);
        return (key, found, port, port is null ? $"Service {key} has no TCP port {reference.Port}" : null);
    }
}
