using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Services;
using ClusterMesh.Tests;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Proxy;

/// <summary>Services whose requests the node's proxy balances.</summary>
public sealed class ServiceRedirectTests : IClassFixture<Programs>
{
    private const string Pod = "10.1.1.11", Remote = "10.1.2.11", RemoteNode = "192.168.50.2", Vip = "10.96.0.1", Host = "10.1.1.1", Outside = "203.0.113.7";
    private readonly Programs _node;

    public ServiceRedirectTests(Programs node)
    {
        (_node = node).Clear();
        if (KernelRing.Missing is not null) return;
        node.Pod(Pod, 11, 0x10100);
        node.Peer($"{Remote}/32", 0x20300, RemoteNode);
        node.Peer($"{Host}/32", 1);
        node.Node(RemoteNode, 2);
        L7(on: true);
    }

    [KernelFact]
    public void Syn_ToAnL7Frontend_GoesToTheProxyAsItIs()
    {
        _node.StartProxy();
        Send(Frames.Syn).Has($"{Pod}:1000 > {Vip}:80").GivenToProxy(Egress);
        var (key, connection) = Assert.Single(_node.Connections.Read());
        Assert.Equal((Scope.Service, Programs.Addr(Pod), Programs.Addr(Vip), 1000, 80, ConnectionFlags.Proxied | ConnectionFlags.Told), (key.Scope, key.Source, key.Destination, key.SourcePort.Value, key.DestinationPort.Value, connection.Flags));
    }

    [KernelFact]
    public void Syn_ToAnL7FrontendOfNobody_IsTheProxysToAnswer()
    {
        _node.StartProxy();
        _node.Service($"{Vip}:80", Frames.Tcp, model => model with { L7 = true });
        Send(Frames.Syn).GivenToProxy(Egress);
    }

    [KernelFact]
    public void Syn_OfAPodThatMaySendNothing_IsTheProxysToJudge()
    {
        _node.StartProxy();
        _node.Pod(Pod, 11, 0x10100, flags: EndpointFlags.EgressPolicy);
        _node.Policy(Pod);
        Send(Frames.Syn).GivenToProxy(Egress);
    }

    [KernelFact]
    public void Syn_WithoutAProxy_IsBalancedByTheKernel()
    {
        var sent = Send(Frames.Syn).Has($"{Pod}:1000 > {Remote}:8080");
        sent.Passed(PassReason.Tunnel, Egress);
        Assert.Contains(((byte)PassReason.ProxyBypass, Egress), sent.Counted);
        Assert.Equal(0u, sent.Mark);
    }

    [KernelFact]
    public void Syn_OfAPodThatMaySendNothing_WithoutAProxyIsDropped()
    {
        _node.Pod(Pod, 11, 0x10100, flags: EndpointFlags.EgressPolicy);
        _node.Policy(Pod);
        var sent = Send(Frames.Syn);
        Assert.Equal(Verdict.Drop, sent.Verdict);
        Assert.Contains(((byte)DropReason.Policy, Egress), sent.Counted);
    }

    [KernelFact]
    public void Connection_OfTheProxy_StaysItsWhateverComes()
    {
        _node.StartProxy();
        Send(Frames.Syn);
        Send(Frames.Ack).GivenToProxy(Egress);
        L7(on: false);
        Send(Frames.Ack).GivenToProxy(Egress);
        Send(Frames.Fin | Frames.Ack).GivenToProxy(Egress);
        Send(Frames.Rst).GivenToProxy(Egress);
        // Its own, not what is there to balance by.
        _node.StopProxy();
        Send(Frames.Ack).Reset(DropReason.NoProxy, Egress, $"{Vip}:80 > {Pod}:1000", PassReason.Local);
    }

    [KernelTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Connection_OfTheKernel_KeepsItsBackend(bool l7Before)
    {
        L7(l7Before);
        Send(Frames.Syn);
        L7(on: true);
        _node.StartProxy();
        Send(Frames.Ack).Has($"{Pod}:1000 > {Remote}:8080").Passed(PassReason.Tunnel, Egress);
    }

    [KernelFact]
    public void FreshSyn_OnTheSamePorts_DecidesAnew()
    {
        _node.StartProxy();
        Send(Frames.Syn).GivenToProxy(Egress);
        _node.StopProxy();
        Send(Frames.Syn).Passed(PassReason.Tunnel, Egress);
        _node.StartProxy();
        Send(Frames.Syn).GivenToProxy(Egress);
    }

    [KernelFact]
    public void Connection_ThatNobodyRemembers_IsTheProxysWhoMayKnowIt()
    {
        _node.StartProxy();
        Send(Frames.Ack).GivenToProxy(Egress);
        Assert.True(Assert.Single(_node.Connections.Read()).Value.Flags.HasFlag(ConnectionFlags.Proxied));
    }

    [KernelFact]
    public void Connection_WhoseBackendIsGone_IsResetByTheProxysStack()
    {
        Send(Frames.Syn);
        _node.StartProxy();
        _node.Service($"{Vip}:80", Frames.Tcp, model => model with { L7 = true }, "10.1.2.12:8080");
        Send(Frames.Ack).GivenToProxy(Egress);
    }

    [KernelFact]
    public void Error_AboutAnAnswerOfTheProxy_ReachesTheProxy()
    {
        _node.StartProxy();
        Send(Frames.Syn);
        var error = Frames.IcmpError(Pod, Vip, 3, Frames.TcpSegment(Vip, 80, Pod, 1000, Frames.Ack));
        _node.FromContainer(error).GivenToProxy(Egress);
    }

    [KernelFact]
    public void Host_ToAnL7Frontend_IsBalancedByTheKernel()
    {
        _node.StartProxy();
        Assert.Equal($"{Host}:1000 > {Remote}:8080", _node.ToOverlay(Frames.TcpSegment(Host, 1000, Vip, 80, Frames.Syn)).Ends);
    }

    [KernelFact]
    public void Outside_ToAnL7Frontend_IsBalancedByTheKernel()
    {
        _node.StartProxy();
        _node.Service($"{Vip}:80", Frames.Tcp, model => model with { L7 = true, External = true }, $"{Remote}:8080");
        Assert.Equal($"{Outside}:1000 > {Remote}:8080", _node.FromNetwork(Frames.TcpSegment(Outside, 1000, Vip, 80, Frames.Syn)).Ends);
    }

    [KernelFact]
    public void Frontend_OfL7_IsReadBackByTheNextAgent()
    {
        Assert.True(_node.ReadServices().Current[Shares.Frontend($"{Vip}:80")].L7);
        L7(on: false);
        Assert.False(_node.ReadServices().Current[Shares.Frontend($"{Vip}:80")].L7);
    }

    private void L7(bool on) => _node.Service($"{Vip}:80", Frames.Tcp, model => model with { L7 = on }, $"{Remote}:8080");

    private Outcome Send(int flags) => _node.FromContainer(Frames.TcpSegment(Pod, 1000, Vip, 80, (byte)flags));
}
