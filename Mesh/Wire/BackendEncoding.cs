using System.Collections.Immutable;
using ClusterMesh.Mesh.Services;
using Messages = ClusterMesh.Mesh.Wire.Protos;

namespace ClusterMesh.Mesh.Wire;

/// <summary>The backends of a service as a message, grouped by cluster, and back.</summary>
internal static class BackendEncoding
{
    public static Messages.ServiceBackends Encode(ServiceModel service)
    {
        var message = new Messages.ServiceBackends { Namespace = service.Key.Namespace, Name = service.Key.Name };
        foreach (var port in service.Ports)
        {
            var to = new Messages.PortBackends { PortName = port.Port.Name, Port = port.Port.Port };
            Messages.ClusterBackends? cluster = null;
            foreach (var backend in port.Backends)
            {
                if (cluster?.Cluster != backend.Cluster) to.Clusters.Add(cluster = new() { Cluster = backend.Cluster });
                cluster.Backends.Add(new Messages.Backend
                {
                    Address = backend.Address,
                    Port = backend.Port,
                    State = (int)backend.State,
                    Zone = backend.Zone ?? "",
                    Node = backend.Node ?? "",
                    Pod = backend.Pod ?? "",
                });
            }

            message.Ports.Add(to);
        }

        return message;
    }

    /// <summary>A backend that did not change is the same value as before.</summary>
    public static ImmutableArray<Backend> Decode(Messages.PortBackends port, ImmutableArray<Backend> before)
    {
        var known = before.IsDefaultOrEmpty ? null : before.ToDictionary(backend => (backend.Cluster, backend.Address, backend.Port));
        var backends = ImmutableArray.CreateBuilder<Backend>();
        foreach (var cluster in port.Clusters)
        {
            var name = string.Intern(cluster.Cluster);
            foreach (var message in cluster.Backends)
            {
                var backend = new Backend(
                    name, message.Address, message.Port, (BackendState)message.State,
                    ObjectDecoding.Text(message.Zone), ObjectDecoding.Text(message.Node), ObjectDecoding.Text(message.Pod));
                backends.Add(known is not null && known.TryGetValue((name, message.Address, message.Port), out var same) && same == backend ? same : backend);
            }
        }

        return !before.IsDefault && before.Length == backends.Count && !before.Where((backend, index) => !ReferenceEquals(backend, backends[index])).Any() ? before : backends.ToImmutable();
    }
}
