using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Services;

/// <summary>The backends that one cluster's EndpointSlices give to one port of a service.</summary>
internal static class ServiceBackends
{
    /// <summary>
    /// Ports match by name; an unnamed port takes every port (cilium.md 1.6). An address that comes more than once counts once,
    /// in its best state.
    /// </summary>
    public static IEnumerable<Backend> Of(string cluster, string portName, IEnumerable<EndpointSliceObject> slices)
    {
        var found = new Dictionary<(string, int), Backend>();
        foreach (var slice in slices)
        {
            foreach (var port in slice.Ports)
            {
                if (port.Port is not { } number || port.Protocol != "TCP" || (portName.Length > 0 && port.Name != portName)) continue;
                foreach (var endpoint in slice.Endpoints)
                {
                    var state = StateOf(endpoint);
                    foreach (var address in endpoint.Addresses)
                    {
                        if (found.TryGetValue((address, number), out var known) && known.State <= state) continue;
                        found[(address, number)] = new(cluster, address, number, state, endpoint.Zone, endpoint.NodeName, endpoint.Pod);
                    }
                }
            }
        }

        return found.Values;
    }

    // cilium.md 3.4: a missing ready means ready; a missing serving means what ready says.
    private static BackendState StateOf(Endpoint endpoint)
    {
        if (endpoint.Terminating == true) return endpoint.Serving ?? endpoint.Ready ?? true ? BackendState.Terminating : BackendState.NotReady;
        return endpoint.Ready ?? true ? BackendState.Active : BackendState.NotReady;
    }
}
