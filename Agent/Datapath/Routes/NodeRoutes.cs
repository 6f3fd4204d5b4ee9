using System.Net;
using ClusterMesh.Agent.Datapath.Nodes;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Agent.Network;

namespace ClusterMesh.Agent.Datapath.Routes;

/// <summary>Which routes this node needs.</summary>
internal static class NodeRoutes
{
    /// <param name="outside">Addresses of services besides their ranges; somebody else's are left out.</param>
    public static Dictionary<IPNetwork, RouteModel> Wanted(NodeNetwork network, MeshNodes nodes, IEnumerable<PodEndpoint> endpoints, IEnumerable<IPAddress> outside)
    {
        var routes = new Dictionary<IPNetwork, RouteModel> { [network.Pods.Cidr] = new(network.Pods.Cidr, null, null, null, 0) };
        foreach (var endpoint in endpoints)
        {
            var to = new IPNetwork(endpoint.Address, 32);
            // src: pods see the node by its address inside, not by the underlay's.
            routes[to] = new(to, endpoint.Names.Interface, null, network.Pods.Router, 0);
        }

        var alone = OutsideAddresses.Routable(outside, network, nodes).Select(address => new IPNetwork(address, 32));
        foreach (var services in network.Services.Concat(alone)) routes[services] = new(services, Overlay.Device, null, network.Pods.Router, network.TunnelMtu);
        foreach (var node in nodes.Others)
        {
            foreach (var cidr in node.PodCidrs)
            {
                if (Route(network, cidr, node.Address) is { } route) routes.TryAdd(cidr, route);
            }
        }

        return routes;
    }

    /// <summary>Null: beyond the segment, where directly routed packets find their way by the network's own routes.</summary>
    private static RouteModel? Route(NodeNetwork network, IPNetwork cidr, IPAddress? node) =>
        node is null ? null
        : network.Tunnels(node) ? new(cidr, Overlay.Device, null, network.Pods.Router, network.TunnelMtu)
        : network.Underlay.IsOnSegment(node) ? new(cidr, network.Underlay.Device, node, null, 0)
        : null;
}
