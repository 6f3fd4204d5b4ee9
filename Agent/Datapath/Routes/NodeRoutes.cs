using System.Net;
using ClusterMesh.Agent.Datapath.Nodes;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Agent.Network;

namespace ClusterMesh.Agent.Datapath.Routes;

/// <summary>Which routes this node needs.</summary>
internal static class NodeRoutes
{
    public static Dictionary<IPNetwork, RouteModel> Wanted(NodeNetwork network, MeshNodes nodes, IEnumerable<PodEndpoint> endpoints)
    {
        var routes = new Dictionary<IPNetwork, RouteModel> { [network.Pods.Cidr] = new(network.Pods.Cidr, null, null, null, 0) };
        foreach (var endpoint in endpoints)
        {
            var to = new IPNetwork(endpoint.Address, 32);
            // src: pods see the node by its address inside, not by the underlay's.
            routes[to] = new(to, endpoint.Names.Interface, null, network.Pods.Router, 0);
        }

        foreach (var services in network.Services) routes[services] = new(services, Overlay.Device, null, network.Pods.Router, network.TunnelMtu);
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
