using ClusterMesh.Bpf.Contract;
using ClusterMesh.Tests;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Proxy;

/// <summary>What the policy of the sending pod gives to the proxy.</summary>
public sealed class EgressRedirectTests : IClassFixture<Programs>
{
    private const string Pod = "10.1.1.11", Remote = "10.1.2.11", RemoteNode = "192.168.50.2", Vip = "10.96.0.1";
    private const uint Peer = 0x20300;
    private readonly Programs _node;

    public EgressRedirectTests(Programs node)
    {
        (_node = node).Clear();
        if (KernelRing.Missing is not null) return;
        node.Pod(Pod, 11, 0x10100, flags: EndpointFlags.EgressPolicy);
        node.Peer($"{Remote}/32", Peer, RemoteNode);
        node.Node(RemoteNode, 2);
        node.Service($"{Vip}:80", Frames.Tcp, $"{Remote}:8080");
        node.Policy(Pod, ByProxy);
    }

    private static (PolicyKey, PolicyEntry) ByProxy => Rules.Redirect(Egress, Peer, Frames.Tcp, 8080);

    [KernelFact]
    public void Syn_GoesToTheProxyWithTheAddressOfTheBackend()
    {
        _node.StartProxy();
        var sent = _node.FromContainer(Frames.TcpSegment(Pod, 1000, Vip, 80, Frames.Syn)).Has($"{Pod}:1000 > {Remote}:8080");
        sent.GivenToProxy(Egress, also: PassReason.Service);
        var connection = Assert.Single(_node.Connections.Read(), entry => entry.Key.Scope == Scope.Egress).Value;
        Assert.Equal((ConnectionFlags.Proxied, Peer), (connection.Flags, connection.PeerIdentity));
        Assert.NotEqual(0u, connection.Service);
    }

    [KernelFact]
    public void Syn_WithoutAProxy_IsReset()
    {
        var reset = _node.FromContainer(Frames.TcpSegment(Pod, 1000, Remote, 8080, Frames.Syn, sequence: 77));
        reset.Reset(DropReason.NoProxy, Egress, $"{Remote}:8080 > {Pod}:1000", PassReason.Local);
        // RFC 9293: of the SYN itself, as nothing was acknowledged.
        Assert.Equal((0u, 78u, Frames.Rst | Frames.Ack), (Frames.Sequence(reset.Frame), Frames.Acknowledged(reset.Frame), reset.Frame[Frames.FlagsOffset]));
        Assert.Empty(_node.Connections.Read());
    }

    [KernelFact]
    public void Syn_ToAnL7FrontendWithoutAProxy_IsResetByTheFrontend()
    {
        _node.Service($"{Vip}:80", Frames.Tcp, model => model with { L7 = true }, $"{Remote}:8080");
        var sent = _node.FromContainer(Frames.TcpSegment(Pod, 1000, Vip, 80, Frames.Syn));
        Assert.Equal(
            [((byte)PassReason.Local, Egress), ((byte)PassReason.Service, Egress), ((byte)PassReason.Refused, Egress), ((byte)PassReason.ProxyBypass, Egress), ((byte)DropReason.NoProxy, Egress)],
            sent.Counted);
        Assert.Equal((Verdict.Redirect, 0u), (sent.Verdict, sent.Mark));
        sent.Has($"{Vip}:80 > {Pod}:1000");
    }

    [KernelFact]
    public void Connection_OfTheProxy_IsItsUntilItIsDenied()
    {
        _node.StartProxy();
        Send(Frames.Syn);
        Send(Frames.Ack).GivenToProxy(Egress);
        _node.Policy(Pod, Rules.Allow(Egress));
        Send(Frames.Ack).GivenToProxy(Egress);
        _node.Policy(Pod, Rules.Deny(Egress));
        Send(Frames.Ack).Dropped(DropReason.PolicyDeny, Egress);
    }

    [KernelFact]
    public void Connection_WhoseProxyIsGone_IsReset()
    {
        _node.StartProxy();
        Send(Frames.Syn);
        _node.StopProxy();
        var reset = Send(Frames.Ack);
        reset.Reset(DropReason.NoProxy, Egress, $"{Remote}:8080 > {Pod}:1000", PassReason.Local);
        Assert.Equal(Frames.Rst, reset.Frame[Frames.FlagsOffset]);
        Send(Frames.Rst).Dropped(DropReason.NoProxy, Egress);
    }

    [KernelFact]
    public void Connection_OpenedWhenItWasAllowed_IsReset()
    {
        _node.StartProxy();
        _node.Policy(Pod, Rules.Allow(Egress));
        Send(Frames.Syn).Passed(PassReason.Tunnel, Egress);
        _node.Policy(Pod, ByProxy);
        Send(Frames.Ack).Reset(DropReason.ProxyUnsupported, Egress, $"{Remote}:8080 > {Pod}:1000", PassReason.Local);
        // From then on it is the proxy's, whose stack resets it.
        Send(Frames.Ack).GivenToProxy(Egress);
    }

    [KernelFact]
    public void Answer_OfAConnectionOpenedWhenItWasAllowed_BecomesAReset()
    {
        _node.StartProxy();
        _node.Policy(Pod, Rules.Allow(Egress));
        _node.FromContainer(Frames.TcpSegment(Pod, 1000, Vip, 80, Frames.Syn));
        _node.Policy(Pod, ByProxy);
        var answer = _node.FromOverlay(Frames.TcpSegment(Remote, 8080, Pod, 1000, Frames.Ack), Peer, RemoteNode).Has($"{Vip}:80 > {Pod}:1000");
        Assert.Equal(Frames.Rst | Frames.Ack, answer.Frame[Frames.FlagsOffset]);
        Assert.Equal([((byte)PassReason.Local, Ingress), ((byte)DropReason.ProxyUnsupported, Ingress)], answer.Counted);
        Assert.Equal(Verdict.Redirect, answer.Verdict);
    }

    [KernelFact]
    public void FreshSyn_AfterThePolicyChanged_GoesByTheNewOne()
    {
        _node.StartProxy();
        Send(Frames.Syn).GivenToProxy(Egress);
        _node.Policy(Pod, Rules.Allow(Egress));
        Send(Frames.Syn).Passed(PassReason.Tunnel, Egress);
        _node.Policy(Pod, ByProxy);
        Send(Frames.Syn).GivenToProxy(Egress);
    }

    [KernelFact]
    public void Datagram_ThatIsToGoThroughTheProxy_IsDropped()
    {
        _node.StartProxy();
        _node.Policy(Pod, Rules.Redirect(Egress, Peer, Frames.Udp, 8080));
        var sent = _node.FromContainer(Frames.UdpDatagram(Pod, 1000, Remote, 8080));
        sent.Dropped(DropReason.ProxyUnsupported, Egress);
        Assert.Equal(0u, sent.Mark);
    }

    [KernelTheory]
    [InlineData((uint)Mark.ToProxy)]
    [InlineData((uint)Mark.FromProxy)]
    [InlineData(0x203_0b00u | (uint)Mark.FromProxy)]
    public void Mark_OfAPod_MeansNothing(uint mark)
    {
        _node.Policy(Pod);
        _node.FromContainer(Frames.TcpSegment(Pod, 1000, Remote, 8080, Frames.Syn), mark).Dropped(DropReason.Policy, Egress);
        _node.FromContainer(Frames.TcpSegment(Remote, 1000, Remote, 8080, Frames.Syn), mark).Dropped(DropReason.InvalidSource, Egress);
    }

    [KernelFact]
    public void Kernel_WithoutSkLookup_ResetsWhatIsToGoThroughTheProxy()
    {
        using var loaded = Programs.Load(new Settings { Proxy = 0 });
        new Maps.TypedMap<Address, Endpoint>(loaded.Map("endpoints")).Update(Programs.Addr(Pod), new() { Id = 11, Ifindex = Programs.Lo, Flags = EndpointFlags.EgressPolicy });
        var (key, entry) = Rules.Redirect(Egress, 2, Frames.Tcp, 8080);
        new Maps.PolicyMaps(loaded.Map("policies")).Replace(11, [new(key, entry)]);
        var run = TestRun.Run(loaded.Program("from_container", "mesh_from_container"), Frames.TcpSegment(Pod, 1000, "8.8.8.8", 8080, Frames.Syn));
        Assert.Equal((Verdict.Redirect, 0u, $"8.8.8.8:8080 > {Pod}:1000"), (run.Verdict, run.Mark, Frames.Ends(run.Frame)));
        Assert.Equal(1ul, new Maps.Metrics(loaded.Map("metrics")).Of(DropReason.ProxyUnsupported, Egress).Packets);
    }

    private Outcome Send(int flags) => _node.FromContainer(Frames.TcpSegment(Pod, 1000, Remote, 8080, (byte)flags));
}
