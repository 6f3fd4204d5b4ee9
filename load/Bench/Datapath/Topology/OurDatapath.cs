using System.Net;
using ClusterMesh.Bpf;
using ClusterMesh.Bpf.Attaching;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.DatapathBench.Traffic;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.DatapathBench.Topology;

/// <summary>One node's data path as an agent has it: policy in both directions at every pod, connections remembered, new ones told of and read.</summary>
internal sealed class OurDatapath : IDisposable
{
    private const string Overlay = "vx0";

    /// <summary>Of other peers than the ones that talk, so that a policy has more to look through than what matches.</summary>
    private const int OtherRules = 50;

    private readonly EventReader _reader;
    private uint _revision;

    public OurDatapath(Node node, Node other, bool tunnel)
    {
        node.Netns.Run($"link add {Overlay} type vxlan external dstport 8472 nolearning", $"link set {Overlay} arp off up");
        var (overlay, underlay) = (node.Netns.Ifindex(Overlay), node.Netns.Ifindex(Node.UnderlayInterface));
        Datapath = Datapath.Load(new() { Settings = new() { OverlayIfindex = (uint)overlay, Tunnel = tunnel ? Tunnelled.All : Tunnelled.None } }, NullLogger.Instance);
        Know(node, other, tunnel);
        foreach (var pod in node.Pods) Guard(node, pod, [.. node.Pods, .. other.Pods]);
        node.Netns.In(() =>
        {
            Datapath.Attach(Hook.FromOverlay, overlay);
            Datapath.Attach(Hook.ToOverlay, overlay);
            Datapath.Attach(Hook.FromNetwork, underlay);
            Datapath.Attach(Hook.ToNetwork, underlay);
        });
        if (!tunnel) node.Netns.Run($"route add {other.PodRange} via {other.Underlay} dev {Node.UnderlayInterface} src {node.Inner}");
        _reader = new(Datapath);
    }

    public Datapath Datapath { get; }

    public void Dispose()
    {
        _reader.Dispose();
        Datapath.Dispose();
    }

    private void Know(Node node, Node other, bool tunnel)
    {
        var through = tunnel ? new Address(IPAddress.Parse(other.Underlay)) : default;
        Datapath.Nodes.Update(new(IPAddress.Parse(other.Underlay)), new() { ClusterId = other.Cluster });
        Datapath.Ipcache.Update(new(IPNetwork.Parse($"{node.Inner}/32")), new() { Identity = 1 });
        Datapath.Ipcache.Update(new(IPNetwork.Parse(other.PodRange)), new() { Tunnel = through });
        foreach (var pod in other.Pods) Datapath.Ipcache.Update(new(new(pod.Ip, 32)), new() { Identity = pod.Identity, Tunnel = through });
    }

    private void Guard(Node node, Pod pod, IReadOnlyList<Pod> peers)
    {
        var ifindex = node.Netns.Ifindex(pod.NodeInterface);
        Datapath.Policies.Replace(pod.Id, [.. AllowedPeers(peers)]);
        Datapath.Endpoints.Update(new(pod.Ip), new()
        {
            Id = pod.Id, Identity = pod.Identity, Ifindex = (uint)ifindex, Mac = pod.Mac, GatewayMac = pod.GatewayMac,
            Flags = EndpointFlags.IngressPolicy | EndpointFlags.EgressPolicy, PolicyRevision = ++_revision,
        });
        node.Netns.In(() =>
        {
            Datapath.Attach(Hook.FromContainer, ifindex);
            Datapath.Attach(Hook.ToContainer, ifindex);
        });
    }

    // By identity and port, as policies mostly are.
    private static IEnumerable<KeyValuePair<PolicyKey, PolicyEntry>> AllowedPeers(IReadOnlyList<Pod> peers) =>
        from direction in new[] { Direction.Ingress, Direction.Egress }
        from identity in peers.Select(peer => peer.Identity).Concat(Enumerable.Range(0, OtherRules).Select(other => 9u << 16 | (uint)(256 + other)))
        from port in TrafficPorts.All
        select KeyValuePair.Create(
            new PolicyKey { Length = (uint)PolicyPrefix.Port, Identity = identity, Egress = direction, Protocol = 6, Port = new(port) },
            new PolicyEntry { PrefixLength = PolicyPrefix.Port - PolicyPrefix.Identity, Precedence = (0xffffffu << 8) | 1 });
}
