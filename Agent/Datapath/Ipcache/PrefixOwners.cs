using System.Net;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Agent.Datapath.Ipcache;

/// <summary>Whose a prefix is, for people.</summary>
internal static class PrefixOwners
{
    public static Dictionary<Prefix, string> Of(NodeDatapath datapath, NodeInputs inputs)
    {
        var owners = new Dictionary<Prefix, string>();
        foreach (var address in datapath.Network.Underlay.NodeAddresses.Append(datapath.Network.Pods.Router)) owners.TryAdd(IpcacheLayers.Single(address), "this node");
        owners.TryAdd(IpcacheLayers.Single(datapath.Network.Pods.Ingress), "this node's gateway");
        owners.TryAdd(new(datapath.Network.Pods.Cidr), "pods of this node");
        foreach (var node in inputs.Nodes.Others)
        {
            foreach (var address in node.Addresses.Concat(node.Inner)) owners.TryAdd(IpcacheLayers.Single(address), $"node {node.FullName}");
            foreach (var address in node.Ingress) owners.TryAdd(IpcacheLayers.Single(address), $"gateway of {node.FullName}");
            foreach (var cidr in node.PodCidrs) owners.TryAdd(new(cidr), $"pods of {node.FullName}");
        }

        foreach (var (key, pod) in datapath.Policies.Pods)
        {
            foreach (var address in pod.Addresses) owners.TryAdd(IpcacheLayers.Single(address), $"pod {datapath.Self.Cluster}/{key}");
        }

        foreach (var remote in inputs.Remotes)
        {
            foreach (var record in remote.Ips.Values)
            {
                if (IPAddress.TryParse(record.IP, out var address) && record.Mask is null) owners.TryAdd(IpcacheLayers.Single(address), Name(remote.Cluster, record));
            }
        }

        foreach (var cidr in datapath.Policies.Cidrs.Keys) owners.TryAdd(new(cidr), "a policy's CIDR");
        return owners;
    }

    private static string Name(string cluster, IpRecord record) => record.K8sPodName is { Length: > 0 } pod ? $"pod {cluster}/{record.K8sNamespace}/{pod}" : cluster;

    /// <summary>"10.1.0.0/24"; a single address without its length.</summary>
    public static string Text(this Prefix prefix)
    {
        var address = prefix.Address.ToIPAddress();
        var length = prefix.Length - (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 96u : 0);
        return length == address.GetAddressBytes().Length * 8 ? address.ToString() : $"{address}/{length}";
    }
}
