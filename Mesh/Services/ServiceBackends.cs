using System.Collections.Immutable;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Services;

/// <summary>Backends from EndpointSlices, and which of them belong to a port of a service.</summary>
public static class ServiceBackends
{
    /// <summary>All that a cluster's EndpointSlices say about one service, by port name and protocol, in a stable order.</summary>
    public static ImmutableArray<RemotePort> ByPort(string cluster, IEnumerable<EndpointSliceObject> slices)
    {
        var ports = new SortedDictionary<(string Name, string Protocol), Dictionary<(string, int), Backend>>();
        foreach (var slice in slices)
        {
            foreach (var port in slice.Ports)
            {
                if (port.Port is not { } number) continue;
                if (!ports.TryGetValue((port.Name, port.Protocol), out var backends)) ports[(port.Name, port.Protocol)] = backends = [];
                foreach (var endpoint in slice.Endpoints) Add(backends, cluster, number, endpoint);
            }
        }

        return [.. ports.Select(port => new RemotePort(port.Key.Name, port.Key.Protocol, Sort(port.Value.Values)))];
    }

    /// <summary>
    /// Ports match by name; an unnamed port takes every port (cilium.md 1.6). An address that comes more than once counts once,
    /// in its best state.
    /// </summary>
    public static ImmutableArray<Backend> For(ServicePort port, ImmutableArray<RemotePort> ports)
    {
        RemotePort? single = null;
        Dictionary<(string, int), Backend>? several = null;
        foreach (var candidate in ports)
        {
            if (candidate.Protocol != port.Protocol || (port.Name.Length > 0 && candidate.Name != port.Name)) continue;
            if (single is null)
            {
                single = candidate;
                continue;
            }

            several ??= single.Backends.ToDictionary(backend => (backend.Address, backend.Port));
            foreach (var backend in candidate.Backends) AddBest(several, backend);
        }

        return several is not null ? Sort(several.Values) : single?.Backends ?? [];
    }

    private static void Add(Dictionary<(string, int), Backend> backends, string cluster, int port, Endpoint endpoint)
    {
        var state = StateOf(endpoint);
        foreach (var address in endpoint.Addresses) AddBest(backends, new(cluster, address, port, state, endpoint.Zone, endpoint.NodeName, endpoint.Pod));
    }

    private static void AddBest(Dictionary<(string, int), Backend> backends, Backend backend)
    {
        if (!backends.TryGetValue((backend.Address, backend.Port), out var known) || known.State > backend.State) backends[(backend.Address, backend.Port)] = backend;
    }

    private static ImmutableArray<Backend> Sort(IEnumerable<Backend> backends) => [.. backends.OrderBy(backend => backend.Authority, StringComparer.Ordinal)];

    // cilium.md 3.4: a missing ready means ready; a missing serving means what ready says.
    private static BackendState StateOf(Endpoint endpoint)
    {
        if (endpoint.Terminating == true) return endpoint.Serving ?? endpoint.Ready ?? true ? BackendState.Terminating : BackendState.NotReady;
        return endpoint.Ready ?? true ? BackendState.Active : BackendState.NotReady;
    }
}
