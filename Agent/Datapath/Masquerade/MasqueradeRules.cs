using System.Net;
using System.Net.Sockets;
using ClusterMesh.Agent.Datapath.Nodes;
using ClusterMesh.Agent.Network;

namespace ClusterMesh.Agent.Datapath.Masquerade;

/// <summary>What pods send out of the mesh has the node's address; what they send to pods and nodes has their own.</summary>
internal static class MasqueradeRules
{
    public const string Table = "clustermesh";

    public static string Text(NodeNetwork network, MeshNodes nodes)
    {
        var addresses = network.Underlay.NodeAddresses.Concat(nodes.Others.SelectMany(node => node.Addresses)).Where(address => address.AddressFamily == AddressFamily.InterNetwork);
        var mesh = addresses.Select(address => address.ToString())
            .Concat(nodes.Others.SelectMany(node => node.PodCidrs).Append(network.Pods.Cidr).Select(cidr => cidr.ToString())).Distinct().Order(StringComparer.Ordinal);
        return $$"""
            {{Delete}}table ip {{Table}} {
              set mesh {
                type ipv4_addr
                flags interval
                auto-merge
                elements = { {{string.Join(", ", mesh)}} }
              }
              chain leaving {
                type nat hook postrouting priority srcnat; policy accept;
                ip saddr {{network.Pods.Cidr}} oifname "{{network.Underlay.Device}}" ip daddr != @mesh masquerade
              }
            }

            """;
    }

    /// <summary>Away with it, whether it is there or not.</summary>
    public static string Delete => $"table ip {Table}\ndelete table ip {Table}\n";
}
