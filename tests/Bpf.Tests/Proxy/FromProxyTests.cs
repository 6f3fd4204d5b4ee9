using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Services;
using ClusterMesh.Tests;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Proxy;

/// <summary>What the proxy and its stack send: answers to clients, and requests to backends on somebody's behalf.</summary>
public sealed class FromProxyTests : IClassFixture<Programs>
{
    private const string Pod = "10.1.1.11", Neighbour = "10.1.1.12", Remote = "10.1.2.11", RemoteNode = "192.168.50.2", Host = "10.1.1.1", Vip = "10.96.0.1";
    private const string Client = "203.0.113.7", Node = "192.168.50.1";
    private const uint Peer = 0x20300, Own = 0x10100, Other = 0x10200, Answers = (uint)Mark.FromProxy;
    private readonly Programs _node;

    public FromProxyTests(Programs node)
    {
        (_node = node).Clear();
        if (KernelRing.Missing is not null) return;
        node.Pod(Pod, 11, Own, flags: EndpointFlags.IngressPolicy | EndpointFlags.EgressPolicy);
        node.Pod(Neighbour, 12, Other);
        node.Peer($"{Remote}/32", Peer, RemoteNode);
        node.Peer($"{Host}/32", 1);
        node.Peer($"{Node}/32", 1);
        node.Node(RemoteNode, 2);
        node.Policy(Pod);
        node.StartProxy();
    }

    [KernelTheory]
    [InlineData(Vip)]
    [InlineData(Neighbour)]
    [InlineData(Remote)]
    public void Answer_ToAPodThatMayReceiveNothing_Passes(string from) =>
        _node.ToContainer(Frames.TcpSegment(from, 80, Pod, 1000, Frames.Syn | Frames.Ack), Answers).Has($"{from}:80 > {Pod}:1000").Passed(PassReason.Stack, Ingress);

    [KernelFact]
    public void Answer_OfWhatEgressPolicyGaveToTheProxy_IsTheFrontends()
    {
        _node.Policy(Pod, Rules.Redirect(Egress, Peer, Frames.Tcp, 8080));
        _node.Service($"{Vip}:80", Frames.Tcp, $"{Remote}:8080");
        _node.FromContainer(Frames.TcpSegment(Pod, 1000, Vip, 80, Frames.Syn));
        _node.ToContainer(Frames.TcpSegment(Remote, 8080, Pod, 1000, Frames.Syn | Frames.Ack), Answers).Has($"{Vip}:80 > {Pod}:1000").Passed(PassReason.Stack, Ingress);
        var connection = Assert.Single(_node.Connections.Read(), entry => entry.Key.Scope == Scope.Egress).Value;
        Assert.Equal((ConnectionFlags.Proxied | ConnectionFlags.Answered, 1ul), (connection.Flags, connection.ReplyPackets));
    }

    [KernelFact]
    public void Packet_WithoutTheMark_IsNoAnswerOfTheProxy()
    {
        _node.Service($"{Vip}:80", Frames.Tcp, model => model with { L7 = true }, $"{Remote}:8080");
        _node.FromContainer(Frames.TcpSegment(Pod, 1000, Vip, 80, Frames.Syn));
        _node.ToContainer(Frames.TcpSegment(Vip, 80, Pod, 1000, Frames.Syn | Frames.Ack)).Dropped(DropReason.Policy, Ingress);
    }

    [KernelFact]
    public void Answer_ToARemoteClient_IsThePodsThatWasAsked()
    {
        _node.Policy(Pod, Rules.Redirect(Ingress, Peer, Frames.Tcp, 8080));
        _node.FromOverlay(Frames.TcpSegment(Remote, 1000, Pod, 8080, Frames.Syn), Peer, RemoteNode).GivenToProxy(Ingress);
        var answer = _node.ToOverlay(Frames.TcpSegment(Pod, 8080, Remote, 1000, Frames.Syn | Frames.Ack), Answers);
        Assert.Equal((Verdict.Pass, Own, Programs.HostOrder(RemoteNode)), (answer.Verdict, answer.TunnelIdentity, answer.TunnelNode));
        Assert.Equal(ConnectionFlags.Proxied | ConnectionFlags.Answered, Assert.Single(_node.Connections.Read()).Value.Flags);
    }

    [KernelFact]
    public void Answer_OfTheNodesOwnAddress_IsTheHosts() =>
        Assert.Equal(1u, _node.ToOverlay(Frames.TcpSegment(Host, 8080, Remote, 1000, Frames.Syn | Frames.Ack), Answers).TunnelIdentity);

    [KernelFact]
    public void Answer_ToSomebodyOutside_IsTheNodePorts()
    {
        _node.Policy(Pod, Rules.Redirect(Ingress, 2, Frames.Tcp, 8080));
        _node.Service($"{Node}:30080", Frames.Tcp, model => model with { External = true }, $"{Pod}:8080");
        var sent = _node.FromNetwork(Frames.TcpSegment(Client, 1000, Node, 30080, Frames.Syn));
        _node.ToContainer(sent.Frame, sent.Mark).GivenToProxy(Ingress, Verdict.Redirect);
        _node.ToNetwork(Frames.TcpSegment(Pod, 8080, Client, 1000, Frames.Syn | Frames.Ack), Answers).Has($"{Node}:30080 > {Client}:1000");
    }

    [KernelFact]
    public void Request_ToARemoteBackend_HasTheIdentityOfTheClient()
    {
        var sent = _node.ToOverlay(Frames.TcpSegment(Host, 1000, Remote, 8080, Frames.Syn), Own << 8 | Answers);
        Assert.Equal((Verdict.Pass, Own, Programs.HostOrder(RemoteNode)), (sent.Verdict, sent.TunnelIdentity, sent.TunnelNode));
        Assert.Empty(_node.Connections.Read());
        _node.FromOverlay(Frames.TcpSegment(Remote, 8080, Host, 1000, Frames.Syn | Frames.Ack), Peer, RemoteNode).Passed(PassReason.Stack, Ingress);
    }

    [KernelFact]
    public void Request_ToAFrontend_IsNotBalancedAgain()
    {
        _node.Service($"{Vip}:80", Frames.Tcp, $"{Remote}:8080");
        _node.ToOverlay(Frames.TcpSegment(Host, 1000, Vip, 80, Frames.Syn), 1u << 8 | Answers).Dropped(DropReason.NoTunnelEndpoint, Egress);
    }

    [KernelFact]
    public void Request_ToALocalBackend_IsJudgedAsTheClients()
    {
        _node.Policy(Pod, Rules.Allow(Ingress, Other));
        Request(Other).Passed(PassReason.Stack, Ingress);
        Assert.Equal((ConnectionFlags.ByProxy, Other), (Assert.Single(_node.Connections.Read()).Value.Flags, Assert.Single(_node.Connections.Read()).Value.PeerIdentity));
        Request(Peer).Dropped(DropReason.Policy, Ingress);
    }

    [KernelFact]
    public void Request_ToALocalBackendThatOnlyTheProxyMayAsk_Passes()
    {
        _node.Policy(Pod, Rules.Redirect(Ingress, Other, Frames.Tcp, 8080));
        Request(Other).Passed(PassReason.Stack, Ingress);
        Request(Peer).Dropped(DropReason.Policy, Ingress);
        // Judged again it may go on, too.
        Request(Other);
        _node.Policy(Pod, Rules.Redirect(Ingress, Other, Frames.Tcp, 8080));
        Request(Other, Frames.Ack).Passed(PassReason.Stack, Ingress);
        _node.Policy(Pod);
        Request(Other, Frames.Ack).Dropped(DropReason.Policy, Ingress);
    }

    [KernelFact]
    public void Answer_OfALocalBackend_IsTheProxysWhateverAddressItUsed()
    {
        _node.Policy(Pod, Rules.Redirect(Ingress, Other, Frames.Tcp, 8080));
        Request(Other);
        _node.FromContainer(Frames.TcpSegment(Pod, 8080, Host, 1000, Frames.Syn | Frames.Ack)).GivenToProxy(Egress);
        _node.ToContainer(Frames.TcpSegment(Neighbour, 2000, Pod, 8080, Frames.Syn), Other << 8 | Answers).Passed(PassReason.Stack, Ingress);
        _node.FromContainer(Frames.TcpSegment(Pod, 8080, Neighbour, 2000, Frames.Syn | Frames.Ack)).GivenToProxy(Egress);
    }

    [KernelFact]
    public void Answer_OfARemoteBackend_IsTheProxysWhereItUsedTheClientsAddress()
    {
        var sent = _node.ToOverlay(Frames.TcpSegment(Pod, 1000, Remote, 8080, Frames.Syn), Own << 8 | Answers);
        Assert.Equal(Own, sent.TunnelIdentity);
        _node.FromOverlay(Frames.TcpSegment(Remote, 8080, Pod, 1000, Frames.Syn | Frames.Ack), Peer, RemoteNode).GivenToProxy(Ingress);
        // A connection of the pod's own is the pod's.
        _node.FromOverlay(Frames.TcpSegment(Remote, 8080, Pod, 1001, Frames.Syn | Frames.Ack), Peer, RemoteNode).Dropped(DropReason.Policy, Ingress);
    }

    [KernelFact]
    public void Answer_OfADirectlyRoutedBackend_IsTheProxysWhereItUsedTheClientsAddress()
    {
        _node.ToNetwork(Frames.TcpSegment(Pod, 1000, "10.1.3.11", 8080, Frames.Syn), Own << 8 | Answers);
        _node.ToContainer(Frames.TcpSegment("10.1.3.11", 8080, Pod, 1000, Frames.Syn | Frames.Ack)).GivenToProxy(Ingress, Verdict.Redirect);
    }

    [KernelTheory]
    [InlineData(Frames.Ack)]
    [InlineData(Frames.Rst)]
    public void Packet_OfTheClientItself_IsNoneOfTheProxysConnectionWithItsAddress(byte flags)
    {
        // Both pods may talk, but only by way of the proxy.
        _node.Pod(Neighbour, 12, Other, flags: EndpointFlags.EgressPolicy);
        _node.Policy(Neighbour, Rules.Redirect(Egress, Peer, Frames.Tcp, 8080), Rules.Allow(Egress, Own));
        _node.Policy(Pod, Rules.Redirect(Ingress, Other, Frames.Tcp, 8080));
        _node.ToContainer(Frames.TcpSegment(Neighbour, 2000, Pod, 8080, Frames.Syn), Other << 8 | Answers).Passed(PassReason.Stack, Ingress);
        _node.FromContainer(Frames.TcpSegment(Neighbour, 2000, Pod, 8080, flags)).Dropped(DropReason.InvalidSource, Ingress);
        _node.ToOverlay(Frames.TcpSegment(Neighbour, 3000, Remote, 8080, Frames.Syn), Other << 8 | Answers);
        _node.FromContainer(Frames.TcpSegment(Neighbour, 3000, Remote, 8080, flags)).Dropped(DropReason.InvalidSource, Egress);
        // The proxy's own go on, and so do the answers.
        _node.ToContainer(Frames.TcpSegment(Neighbour, 2000, Pod, 8080, Frames.Ack), Other << 8 | Answers).Passed(PassReason.Stack, Ingress);
        _node.FromContainer(Frames.TcpSegment(Pod, 8080, Neighbour, 2000, Frames.Ack)).GivenToProxy(Egress);
        _node.FromOverlay(Frames.TcpSegment(Remote, 8080, Neighbour, 3000, Frames.Ack), Peer, RemoteNode).GivenToProxy(Ingress);
    }

    [KernelFact]
    public void Packet_OfARemoteClientItself_IsNoneOfTheProxysConnectionWithItsAddress()
    {
        _node.Policy(Pod, Rules.Redirect(Ingress, Peer, Frames.Tcp, 8080));
        _node.ToContainer(Frames.TcpSegment(Remote, 2000, Pod, 8080, Frames.Syn), Peer << 8 | Answers).Passed(PassReason.Stack, Ingress);
        _node.FromOverlay(Frames.TcpSegment(Remote, 2000, Pod, 8080, Frames.Ack), Peer, RemoteNode).Dropped(DropReason.InvalidSource, Ingress);
    }

    [KernelFact]
    public void Packet_OfTheNodesStackWithoutTheMark_EndsTheProxysConnection()
    {
        _node.Policy(Pod, Rules.Redirect(Ingress, Other, Frames.Tcp, 8080));
        Request(Other);
        _node.Policy(Pod, Rules.Redirect(Ingress, Other, Frames.Tcp, 8080), Rules.Allow(Ingress, 1));
        _node.ToContainer(Frames.TcpSegment(Host, 1000, Pod, 8080, Frames.Rst)).Passed(PassReason.Stack, Ingress);
    }

    [KernelFact]
    public void Syn_OnNobodysBehalf_IsDropped()
    {
        _node.Policy(Pod, Rules.Allow(Ingress));
        Request(0).Dropped(DropReason.InvalidIdentity, Ingress);
        _node.ToOverlay(Frames.TcpSegment(Host, 1000, Remote, 8080, Frames.Syn), Answers).Dropped(DropReason.InvalidIdentity, Egress);
        _node.ToNetwork(Frames.TcpSegment(Node, 1000, RemoteNode, 8080, Frames.Syn), Answers).Dropped(DropReason.InvalidIdentity, Egress);
        Assert.Empty(_node.Connections.Read());
    }

    [KernelFact]
    public void Packet_ForTheProxyThatTheStackForwards_IsDropped()
    {
        _node.ToContainer(Frames.TcpSegment(Neighbour, 1000, Pod, 8080, Frames.Syn), (uint)Mark.ToProxy).Dropped(DropReason.NoProxy, Ingress);
        _node.ToOverlay(Frames.TcpSegment(Pod, 1000, Remote, 8080, Frames.Syn), (uint)Mark.ToProxy).Dropped(DropReason.NoProxy, Egress);
        _node.ToNetwork(Frames.TcpSegment(Pod, 1000, Client, 8080, Frames.Syn), (uint)Mark.ToProxy).Dropped(DropReason.NoProxy, Egress);
    }

    private Outcome Request(uint identity, int flags = Frames.Syn) =>
        _node.ToContainer(Frames.TcpSegment(Host, 1000, Pod, 8080, (byte)flags), identity << 8 | Answers);
}
