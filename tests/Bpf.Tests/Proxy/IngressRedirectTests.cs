using ClusterMesh.Bpf.Contract;
using ClusterMesh.Tests;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Proxy;

/// <summary>What the policy of the receiving pod gives to the proxy, by whichever way it comes.</summary>
public sealed class IngressRedirectTests : IClassFixture<Programs>
{
    private const string Pod = "10.1.1.11", Neighbour = "10.1.1.12", Remote = "10.1.2.11", RemoteNode = "192.168.50.2", Host = "10.1.1.1", Vip = "10.96.0.1";
    private const uint Peer = 0x20300;
    private readonly Programs _node;

    public IngressRedirectTests(Programs node)
    {
        (_node = node).Clear();
        if (KernelRing.Missing is not null) return;
        node.Pod(Pod, 11, 0x10100, flags: EndpointFlags.IngressPolicy);
        node.Pod(Neighbour, 12, 0x10200);
        node.Peer($"{Remote}/32", Peer, RemoteNode);
        node.Peer($"{Host}/32", 1);
        node.Node(RemoteNode, 2);
        node.Policy(Pod, ByProxy);
    }

    private static (PolicyKey, PolicyEntry) ByProxy => Rules.Redirect(Ingress, 0, Frames.Tcp, 8080);

    [KernelFact]
    public void Remote_GoesToTheProxy()
    {
        _node.StartProxy();
        Receive(Frames.Syn).Has($"{Remote}:1000 > {Pod}:8080").GivenToProxy(Ingress);
        var (key, connection) = Assert.Single(_node.Connections.Read());
        Assert.Equal((Scope.Ingress, ConnectionFlags.Proxied, Peer), (key.Scope, connection.Flags, connection.PeerIdentity));
        Receive(Frames.Ack).GivenToProxy(Ingress);
    }

    [KernelFact]
    public void Remote_WithoutAProxy_IsReset() => Receive(Frames.Syn).Reset(DropReason.NoProxy, Ingress, $"{Pod}:8080 > {Remote}:1000", PassReason.Tunnel);

    [KernelFact]
    public void Neighbour_WithoutAProxy_IsResetByTheFrontendThatItAsked()
    {
        _node.Service($"{Vip}:80", Frames.Tcp, $"{Pod}:8080");
        var reset = _node.FromContainer(Frames.TcpSegment(Neighbour, 1000, Vip, 80, Frames.Syn)).Has($"{Vip}:80 > {Neighbour}:1000");
        Assert.Equal(Verdict.Redirect, reset.Verdict);
        Assert.Contains(((byte)DropReason.NoProxy, Ingress), reset.Counted);
    }

    [KernelFact]
    public void Remote_ThatWasLetInBefore_IsReset()
    {
        _node.StartProxy();
        _node.Policy(Pod, Rules.Allow(Ingress));
        Receive(Frames.Syn).Passed(PassReason.Local, Ingress);
        _node.Policy(Pod, ByProxy);
        Receive(Frames.Ack).Reset(DropReason.ProxyUnsupported, Ingress, $"{Pod}:8080 > {Remote}:1000", PassReason.Tunnel);
    }

    [KernelFact]
    public void Answer_ToARemoteThatWasLetInBefore_BecomesAReset()
    {
        _node.StartProxy();
        _node.Policy(Pod, Rules.Allow(Ingress));
        Receive(Frames.Syn);
        _node.Policy(Pod, ByProxy);
        var answer = Answer();
        Assert.Equal((Verdict.Redirect, Frames.Rst | Frames.Ack), (answer.Verdict, (int)answer.Frame[Frames.FlagsOffset]));
        Checksums.AreRight(answer.Frame);
        Assert.Equal([((byte)PassReason.Tunnel, Egress), ((byte)DropReason.ProxyUnsupported, Egress)], answer.Counted);
        // The pod is told with its next one.
        Answer().Reset(DropReason.ProxyUnsupported, Egress, $"{Remote}:1000 > {Pod}:8080", PassReason.Local);
    }

    [KernelFact]
    public void Remote_DeniedBesides_IsDropped()
    {
        _node.StartProxy();
        _node.Policy(Pod, ByProxy, Rules.Deny(Ingress, Peer));
        Receive(Frames.Syn).Dropped(DropReason.PolicyDeny, Ingress);
    }

    [KernelFact]
    public void Error_OfARemoteAboutAnAnswerOfTheProxy_ReachesTheProxy()
    {
        _node.StartProxy();
        Receive(Frames.Syn);
        var error = Frames.IcmpError(Remote, Pod, 3, Frames.TcpSegment(Pod, 8080, Remote, 1000, Frames.Ack));
        _node.FromOverlay(error, Peer, RemoteNode).GivenToProxy(Ingress);
    }

    [KernelFact]
    public void Neighbour_ByWayOfAService_GoesToTheProxyOfItsBackend()
    {
        _node.StartProxy();
        _node.Service($"{Vip}:80", Frames.Tcp, $"{Pod}:8080");
        var sent = _node.FromContainer(Frames.TcpSegment(Neighbour, 1000, Vip, 80, Frames.Syn)).Has($"{Neighbour}:1000 > {Pod}:8080");
        Assert.Equal((Verdict.Pass, 2u), (sent.Verdict, sent.Mark));
        Assert.Contains(((byte)PassReason.Proxy, Ingress), sent.Counted);
        // What it is answered is the frontend's again, whoever it seems to be from.
        _node.ToContainer(Frames.TcpSegment(Pod, 8080, Neighbour, 1000, Frames.Syn | Frames.Ack), (uint)Mark.FromProxy).Has($"{Vip}:80 > {Neighbour}:1000").Passed(PassReason.Stack, Ingress);
        Assert.All(_node.Connections.Read().Where(entry => entry.Key.Scope != Scope.Service), entry => Assert.True(entry.Value.Flags.HasFlag(ConnectionFlags.Answered)));
    }

    [KernelFact]
    public void Host_GoesThroughTheStackAgain()
    {
        _node.StartProxy();
        var sent = _node.ToContainer(Frames.TcpSegment(Host, 1000, Pod, 8080, Frames.Syn));
        sent.GivenToProxy(Ingress, Verdict.Redirect);
        var back = TestRun.Run(_node.Program("from_overlay", "mesh_from_overlay"), sent.Frame, mark: sent.Mark);
        Assert.Equal((Verdict.Pass, sent.Mark), (back.Verdict, back.Mark));
    }

    [KernelFact]
    public void Host_WithoutAProxy_IsResetByWayOfTheStack()
    {
        var reset = _node.ToContainer(Frames.TcpSegment(Host, 1000, Pod, 8080, Frames.Syn));
        reset.Reset(DropReason.NoProxy, Ingress, $"{Pod}:8080 > {Host}:1000");
        var back = TestRun.Run(_node.Program("from_overlay", "mesh_from_overlay"), reset.Frame, mark: reset.Mark);
        Assert.Equal(Verdict.Pass, back.Verdict);
    }

    [KernelFact]
    public void Host_ByWayOfAServiceWithoutAProxy_IsResetByTheFrontend()
    {
        _node.Service($"{Vip}:80", Frames.Tcp, $"{Pod}:8080");
        var sent = _node.ToOverlay(Frames.TcpSegment(Host, 1000, Vip, 80, Frames.Syn)).Has($"{Host}:1000 > {Pod}:8080");
        _node.ToContainer(sent.Frame).Reset(DropReason.NoProxy, Ingress, $"{Vip}:80 > {Host}:1000");
    }

    private Outcome Receive(int flags) => _node.FromOverlay(Frames.TcpSegment(Remote, 1000, Pod, 8080, (byte)flags), Peer, RemoteNode);

    private Outcome Answer() => _node.FromContainer(Frames.TcpSegment(Pod, 8080, Remote, 1000, Frames.Ack));
}
