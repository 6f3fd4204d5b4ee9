using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Agent.Options;
using ClusterMesh.Bpf;

namespace ClusterMesh.Agent.Network;

/// <summary>What this node's network looks like to the data path; the same for the life of the agent.</summary>
internal sealed record NodeNetwork(Underlay Underlay, AddressPool Pods, RoutingMode Routing, int OverlayIfindex)
{
    /// <summary>Of pods: where a packet may go through a tunnel there must be room for it, as the tunnel tells nobody that it is too large.</summary>
    public int PodMtu => Routing == RoutingMode.Direct ? Underlay.Mtu : TunnelMtu;

    public int TunnelMtu => Underlay.Mtu - Underlay.TunnelOverhead;

    /// <summary>What ClusterIPs are from: the node's own traffic to them is routed to where services are known.</summary>
    public ImmutableArray<IPNetwork> Services { get; init; } = [];

    /// <summary>Whether packets to pods of the node with that address go through a tunnel.</summary>
    public bool Tunnels(IPAddress node) => Routing switch
    {
        RoutingMode.Direct => false,
        RoutingMode.Hybrid => !Underlay.IsOnSegment(node),
        _ => true,
    };

    /// <summary>Makes what the node needs before anything is attached to it.</summary>
    public static NodeNetwork Prepare(DatapathOptions options, IReadOnlyList<IPAddress> nodeIps, IPNetwork podCidr)
    {
        var pods = new AddressPool(podCidr);
        var underlay = Underlay.Find(options.Device, nodeIps);
        // The agent before made it: it is the gateway's, and none of the node's own.
        underlay = underlay with { NodeAddresses = [.. underlay.NodeAddresses.Where(address => !address.Equals(pods.Ingress))] };
        var overlay = Overlay.Ensure(pods.Router, pods.Ingress, underlay.Mtu - Underlay.TunnelOverhead);
        foreach (var (name, value) in HostNetwork.Sysctls(Overlay.Device)) Sysctl.Set(name, value);
        // The stricter of all and the interface's own counts.
        Sysctl.TakeFromAnywhere(underlay.Device);
        return new(underlay, pods, options.Routing, overlay) { Services = options.ServiceCidrs };
    }
}
