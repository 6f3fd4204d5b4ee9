using System.Net;
using System.Net.Sockets;
using ClusterMesh.Agent.Datapath.Nodes;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Agent.Network;
using ClusterMesh.Bpf;

namespace ClusterMesh.Agent.Datapath.Masquerade;

/// <summary>
/// What pods send out of the mesh has the node's address; what they send to pods has their own. To another node it has the node's where
/// pods are tunnelled, as Cilium does: that node's answer must find the way that it came.
/// </summary>
internal static class MasqueradeRules
{
    /// <param name="leaving">False: pods leave with their own addresses.</param>
    public static string Text(NodeNetwork network, MeshNodes nodes, bool leaving) => HostNetwork.Ruleset(
        network.Pods.Cidr,
        network.Underlay.NodeAddresses.Concat(nodes.Others.SelectMany(node => node.Addresses).Where(address => !network.Tunnels(address)))
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork)
            .Select(address => new IPNetwork(address, 32)).Concat(nodes.Others.SelectMany(node => node.PodCidrs)),
        EndpointNames.Prefix, Overlay.Device, leaving, network.Underlay.Device);
}
