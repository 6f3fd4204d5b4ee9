using System.Collections.Immutable;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Schema;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>
/// Which node a backend is on. The own cluster's EndpointSlices say it; of other clusters we know the host of an address (cilium.md 2:
/// ip/v1) and the addresses of nodes (nodes/v1). Immutable.
/// </summary>
internal sealed class BackendPlaces
{
    public static readonly BackendPlaces None = new([]);

    private readonly ImmutableDictionary<string, Remote> _remotes;

    private BackendPlaces(IEnumerable<Remote> remotes) => _remotes = remotes.ToImmutableDictionary(remote => remote.Objects.Cluster, StringComparer.Ordinal);

    /// <summary>The same value as before where no remote tells anything else.</summary>
    public static BackendPlaces Of(IReadOnlyCollection<RemoteObjects> remotes, BackendPlaces before)
    {
        if (remotes.Count == before._remotes.Count && remotes.All(remote => before._remotes.TryGetValue(remote.Cluster, out var known) && known.Tells(remote))) return before;
        return new(remotes.Select(remote => new Remote(remote, before._remotes.GetValueOrDefault(remote.Cluster))));
    }

    /// <summary>The node's name in the backend's cluster; null = not known.</summary>
    public string? NodeOf(Backend backend) => backend.Node ?? (_remotes.TryGetValue(backend.Cluster, out var remote) ? remote.NodeOf(backend.Address) : null);

    public string? PodOf(Backend backend) =>
        backend.Pod ?? (_remotes.TryGetValue(backend.Cluster, out var remote) ? remote.Objects.Ips.GetValueOrDefault(backend.Address)?.K8sPodName : null);

    private sealed class Remote
    {
        private readonly Dictionary<string, string> _nodeByAddress;

        public Remote(RemoteObjects objects, Remote? before)
        {
            Objects = objects;
            _nodeByAddress = before is not null && ReferenceEquals(before.Objects.Nodes, objects.Nodes) ? before._nodeByAddress : ByAddress(objects.Nodes.Values);
        }

        public RemoteObjects Objects { get; }

        public bool Tells(RemoteObjects other) => ReferenceEquals(Objects.Ips, other.Ips) && ReferenceEquals(Objects.Nodes, other.Nodes);

        public string? NodeOf(string address) =>
            Objects.Ips.TryGetValue(address, out var ip) && ip.HostIP is { } host && _nodeByAddress.TryGetValue(host, out var node) ? node : null;

        private static Dictionary<string, string> ByAddress(IEnumerable<NodeRecord> nodes)
        {
            var byAddress = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var node in nodes)
            {
                foreach (var address in node.IPAddresses ?? []) byAddress.TryAdd(address.IP, node.Name);
            }

            return byAddress;
        }
    }
}
