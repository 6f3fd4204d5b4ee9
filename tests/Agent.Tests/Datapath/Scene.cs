using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Agent.Datapath;
using ClusterMesh.Agent.Datapath.Nodes;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Agent.Network;
using ClusterMesh.Agent.Options;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Agent.Tests.Datapath;

/// <summary>Node n1 of cluster west (1), 172.18.0.1, with pods in 10.1.1.0/24.</summary>
internal static class Scene
{
    public static readonly MeshNode Self = new("west", 1, "n1", [IPAddress.Parse("172.18.0.1")], [IPNetwork.Parse("10.1.1.0/24")], [IPAddress.Parse("10.1.1.1")]);

    public static readonly Heard Everybody = new(true, true, [1, 2]);

    public static NodeNetwork Net(RoutingMode routing = RoutingMode.Tunnel) => new(
        new("eth0", 2, 1500, IPAddress.Parse("172.18.0.1"), [IPNetwork.Parse("172.18.0.0/24")], [IPAddress.Parse("172.18.0.1")]), new(IPNetwork.Parse("10.1.1.0/24")), routing, 3);

    public static NodeObject Written(string name, string address, params string[] cidrs) => new(new(new("", name)), [new("InternalIP", address)], cidrs);

    public static NodeRecord Record(string name, string address, string cidr, string cluster = "east", int id = 2)
    {
        var network = IPNetwork.Parse(cidr);
        return new() { Name = name, Cluster = cluster, ClusterID = id, IPAddresses = [new("InternalIP", address)], IPv4AllocCIDR = new(network.BaseAddress, network.PrefixLength) };
    }

    public static RemoteObjects East(params NodeRecord[] nodes) =>
        new("east", RemoteStatus.Configured(DateTimeOffset.UnixEpoch)) { Nodes = nodes.ToImmutableDictionary(node => node.Name) };

    public static MeshNodes Nodes(IReadOnlyList<NodeObject> own, params RemoteObjects[] remotes) => MeshNodes.Of(Self, own, [.. remotes]);

    public static PodEndpoint Endpoint(string name, string address, ushort id = 1) => new(id, new("default", name), $"/run/netns/{name}", IPAddress.Parse(address), "eth0", 10, 1450);

    public static Prefix Prefix(string text) => new(IPNetwork.Parse(text.Contains('/') ? text : $"{text}/32"));

    public static Peer Peer(uint identity, string? tunnel = null) => new() { Identity = identity, Tunnel = tunnel is null ? default : new(IPAddress.Parse(tunnel)) };
}
