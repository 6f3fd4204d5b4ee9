using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Services;
using ClusterMesh.Mesh.Policy.Selectors;
using ClusterMesh.Tests;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Proxy;

/// <summary>Identities on their way through the node's stack: a mark keeps 24 bits of them, and of a CIDR's number it takes 25.</summary>
public sealed class MarkedIdentityTests : IClassFixture<Programs>
{
    private const string Pod = "10.1.1.11", Remote = "10.1.2.11", RemoteNode = "192.168.50.2", Host = "10.1.1.1", Client = "203.0.113.7", Node = "192.168.50.1";
    private const uint World = 2, FromProxy = (uint)Mark.FromProxy;
    private readonly Programs _node;

    public MarkedIdentityTests(Programs node)
    {
        (_node = node).Clear();
        if (KernelRing.Missing is not null) return;
        node.Pod(Pod, 11, 0x10100, flags: EndpointFlags.IngressPolicy);
        node.Peer($"{Remote}/32", 0x20300, RemoteNode);
        node.Peer($"{Host}/32", 1);
        node.Peer($"{Node}/32", 1);
    }

    [KernelTheory]
    [InlineData(CidrIdentities.First)]
    [InlineData(CidrIdentities.Last)]
    [InlineData(0x00ff_ffffu)]
    [InlineData(0x0001_0000u)]
    [InlineData(8u)]
    [InlineData(1u)]
    public void Identity_InTheMarkOfTheProxy_IsTheOneThatPolicyAllows(uint identity)
    {
        _node.Policy(Pod, Rules.Allow(Ingress, identity, Frames.Tcp, 8080));
        _node.ToContainer(Request(Pod), identity << 8 | FromProxy).Passed(PassReason.Stack, Ingress);
        Assert.Equal(identity, Assert.Single(_node.Connections.Read()).Value.PeerIdentity);
    }

    [KernelTheory]
    [InlineData(CidrIdentities.First)]
    [InlineData(CidrIdentities.Last)]
    public void Cidr_OfAClientOutside_IsTheWorldToOtherNodes(uint identity)
    {
        _node.Peer("203.0.113.0/24", identity);
        _node.Service($"{Node}:30080", Frames.Tcp, model => model with { External = true }, $"{Remote}:8080");
        var sent = _node.FromNetwork(Frames.TcpSegment(Client, 1000, Node, 30080, Frames.Syn));
        Assert.Equal(identity << 8 | (uint)Mark.Outside, sent.Mark);
        Assert.Equal((Verdict.Pass, World), (_node.ToOverlay(sent.Frame, sent.Mark).Verdict, _node.ToOverlay(sent.Frame, sent.Mark).TunnelIdentity));
        Assert.Equal(World, _node.ToOverlay(Request(Remote), identity << 8 | FromProxy).TunnelIdentity);
    }

    [KernelTheory]
    [InlineData(8u)]
    [InlineData(0x00ff_ffffu)]
    public void Identity_OfTheMesh_IsWhatOtherNodesSee(uint identity) =>
        Assert.Equal(identity, _node.ToOverlay(Request(Remote), identity << 8 | FromProxy).TunnelIdentity);

    private static byte[] Request(string to) => Frames.TcpSegment(Host, 1000, to, 8080, Frames.Syn);
}
