using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using ClusterMesh.Agent.Datapath.Nodes;
using ClusterMesh.Agent.LoadBalancing;
using ClusterMesh.Agent.Network;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Agent.Datapath.Routes;

/// <summary>
/// Addresses of load balancers: the node itself reaches them only by a route of their own. External addresses get none: a route takes the
/// whole address, and anybody who may write a Service could take etcd's away from the node. One thread.
/// </summary>
internal sealed class OutsideAddresses
{
    private ImmutableDictionary<ObjectKey, ServiceModel>? _services;
    private ImmutableHashSet<IPAddress> _addresses = [];

    /// <summary>The same value as before where there are the same ones.</summary>
    public ImmutableHashSet<IPAddress> Of(ImmutableDictionary<ObjectKey, ServiceModel> services)
    {
        if (ReferenceEquals(_services, services)) return _addresses;
        _services = services;
        var now = services.Values.SelectMany(service => FrontendAddresses.OfLoadBalancers(service.Object)).ToImmutableHashSet();
        return now.SetEquals(_addresses) ? _addresses : _addresses = now;
    }

    /// <summary>
    /// Those that may have a route of ours: the way to nodes and pods is known, and no Service may take one of them away from the node.
    /// </summary>
    public static IEnumerable<IPAddress> Routable(IEnumerable<IPAddress> addresses, NodeNetwork network, MeshNodes nodes)
    {
        var taken = nodes.Others.SelectMany(node => node.Addresses.Concat(node.Inner).Concat(node.Ingress)).Concat(network.Underlay.NodeAddresses).Append(network.Pods.Router).Append(network.Pods.Ingress).ToHashSet();
        return addresses.Where(address => IsUnicast(address) && !taken.Contains(address) && !nodes.Ranges.Contains(address) && !network.Services.Any(range => range.Contains(address)));
    }

    private static bool IsUnicast(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is not ([0 or 127 or >= 224, ..] or [169, 254, ..]);
}
