using System.Net;
using System.Net.Sockets;
using ClusterMesh.Agent.Datapath.Identities;
using ClusterMesh.Agent.Datapath.Nodes;
using ClusterMesh.Agent.Network;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Identity;

namespace ClusterMesh.Agent.Datapath.Ipcache;

/// <summary>What each layer of the ipcache says.</summary>
internal static class IpcacheLayers
{
    public static Dictionary<Prefix, Peer> Host(NodeNetwork network) =>
        network.Underlay.NodeAddresses.Append(network.Underlay.Address).Append(network.Pods.Router).Distinct()
            .ToDictionary(Single, _ => new Peer { Identity = NumericIdentity.Host }).Append(new(Single(network.Pods.Ingress), new() { Identity = NumericIdentity.Ingress })).ToDictionary();

    /// <summary>The underlay's addresses are reached by the stack, those inside of pods' ranges as pods are.</summary>
    public static Dictionary<Prefix, Peer> Nodes(NodeNetwork network, MeshNodes nodes)
    {
        var layer = new Dictionary<Prefix, Peer>();
        foreach (var node in nodes.Others)
        {
            foreach (var address in node.Addresses) layer.TryAdd(Single(address), new() { Identity = NumericIdentity.RemoteNode });
            foreach (var address in node.Ingress) layer.TryAdd(Single(address), new() { Identity = NumericIdentity.Ingress, Tunnel = TunnelTo(network, node.Address) });
            foreach (var address in node.Inner) layer.TryAdd(Single(address), new() { Identity = NumericIdentity.RemoteNode, Tunnel = TunnelTo(network, node.Address) });
        }

        return layer;
    }

    /// <summary>Somebody who is not known yet is unknown, and not the world; but where he is reached is known.</summary>
    public static Dictionary<Prefix, Peer> Ranges(NodeNetwork network, MeshNodes nodes)
    {
        var layer = new Dictionary<Prefix, Peer> { [new(network.Pods.Cidr)] = default };
        foreach (var node in nodes.Others)
        {
            foreach (var cidr in node.PodCidrs) layer.TryAdd(new(cidr), new() { Tunnel = TunnelTo(network, node.Address) });
        }

        return layer;
    }

    /// <param name="pods">Of the own cluster; where two have one address the first counts.</param>
    /// <param name="numbers">By labels; without one a pod is unknown.</param>
    public static Dictionary<Prefix, Peer> Pods(NodeNetwork network, MeshNodes nodes, IEnumerable<ClusterPod> pods, Func<string, uint?> numbers)
    {
        var tunnels = nodes.Others.DistinctBy(node => node.FullName).ToDictionary(node => node.FullName, node => TunnelTo(network, node.Address));
        var layer = new Dictionary<Prefix, Peer>();
        foreach (var pod in pods)
        {
            var peer = new Peer { Identity = numbers(pod.Labels) ?? NumericIdentity.Unknown, Tunnel = pod.Node is null ? default : tunnels.GetValueOrDefault(pod.Node) };
            foreach (var address in pod.Addresses) layer.TryAdd(Single(address), peer);
        }

        return layer;
    }

    /// <summary>A CIDR inside of a range of pods would take the pods there that are not known yet, and their tunnel: those are left out.</summary>
    public static Dictionary<Prefix, Peer> Cidrs(MeshNodes nodes, IEnumerable<KeyValuePair<IPNetwork, uint>> cidrs) => cidrs
        .Where(pair => pair.Key.BaseAddress.AddressFamily == AddressFamily.InterNetwork && !nodes.Ranges.Contains(pair.Key))
        .ToDictionary(pair => new Prefix(pair.Key), pair => new Peer { Identity = pair.Value });

    public static Address TunnelTo(NodeNetwork network, IPAddress? node) => node is null || !network.Tunnels(node) ? default : new(node);

    public static Prefix Single(IPAddress address) => new(new IPNetwork(address, 32));
}
