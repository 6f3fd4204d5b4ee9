using System.Net;
using System.Net.Sockets;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Agent.Probes;

/// <summary>All nodes of the mesh but this one, by the IPv4 address at which they are reached. Pure.</summary>
internal static class KnownNodes
{
    /// <param name="mesh">Null: nothing is known of the own cluster yet.</param>
    public static IReadOnlyList<ProbeTarget> Of(MeshSnapshot? mesh, IEnumerable<RemoteObjects> remotes, string ownNode)
    {
        var own = mesh?.Local.Nodes.Where(node => node.Key.Name != ownNode)
            .Select(node => (mesh.LocalCluster, node.Key.Name, Addresses: node.Addresses.Select(address => (address.Type, address.Address)))) ?? [];
        var others = remotes.SelectMany(remote => remote.Nodes.Values
            .Select(node => (remote.Cluster, node.Name, Addresses: node.IPAddresses?.Select(address => (address.Type, address.IP)) ?? [])));
        return
        [
            .. from node in own.Concat(others)
               let address = InternalIp(node.Addresses)
               where address is not null
               select new ProbeTarget(node.Item1, node.Name, address),
        ];
    }

    private static IPAddress? InternalIp(IEnumerable<(string Type, string Text)> addresses) => addresses
        .Where(address => address.Type == "InternalIP")
        .Select(address => IPAddress.TryParse(address.Text, out var parsed) ? parsed : null)
        .FirstOrDefault(address => address?.AddressFamily == AddressFamily.InterNetwork);
}
