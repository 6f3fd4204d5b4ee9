using ClusterMesh.Tests;
using ClusterMesh.Bpf.Contract;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Kernel.Services;

/// <summary>The node itself asks for a service: its routes send that to the VXLAN interface.</summary>
public sealed class HostServiceTests : IClassFixture<Programs>
{
    private const string Host = "10.1.1.1", Pod = "10.1.1.11", Remote = "10.1.2.11", RemoteNode = "192.168.50.2", Vip = "10.96.0.1";
    private readonly Programs _node;

    public HostServiceTests(Programs node)
    {
        (_node = node).Clear();
        if (KernelRing.Missing is not null) return;
        node.Pod(Pod, 11, 0x10100);
        node.Peer($"{Host}/32", 1);
        node.Peer($"{Remote}/32", 0x20300, RemoteNode);
        node.Peer($"{RemoteNode}/32", 6);
        node.Node(RemoteNode, 2);
    }

    [KernelFact]
    public void Host_ToALocalBackend_LeavesByThePodsInterfaceAndIsAnsweredByTheFrontend()
    {
        _node.Service($"{Vip}:80", Frames.Tcp, $"{Pod}:8080");
        var sent = _node.ToOverlay(Frames.TcpSegment(Host, 1000, Vip, 80, Frames.Syn)).Has($"{Host}:1000 > {Pod}:8080");
        sent.Passed(PassReason.Local, Egress);
        Assert.Equal("02000001000B02000002000B", Convert.ToHexString(sent.Frame.AsSpan(0, 12)));
        _node.ToContainer(sent.Frame).Passed(PassReason.Stack, Ingress);
        _node.FromContainer(Frames.TcpSegment(Pod, 8080, Host, 1000, Frames.Syn | Frames.Ack)).Has($"{Vip}:80 > {Host}:1000").Passed(PassReason.Stack, Egress);
    }

    [KernelFact]
    public void Host_ToARemoteBackend_IsTunnelledAsHostAndIsAnsweredByTheFrontend()
    {
        _node.Service($"{Vip}:80", Frames.Tcp, $"{Remote}:8080");
        var sent = _node.ToOverlay(Frames.TcpSegment(Host, 1000, Vip, 80, Frames.Syn)).Has($"{Host}:1000 > {Remote}:8080");
        Assert.Equal((Verdict.Pass, 1u, Programs.HostOrder(RemoteNode)), (sent.Verdict, sent.TunnelIdentity, sent.TunnelNode));
        _node.FromOverlay(Frames.TcpSegment(Remote, 8080, Host, 1000, Frames.Syn | Frames.Ack), 0x20300, RemoteNode).Has($"{Vip}:80 > {Host}:1000").Passed(PassReason.Stack, Ingress);
    }

    [KernelFact]
    public void Host_ToABackendOnANode_GoesThroughTheStackAgain()
    {
        _node.Service($"{Vip}:443", Frames.Tcp, $"{RemoteNode}:6443");
        var sent = _node.ToOverlay(Frames.TcpSegment(Host, 1000, Vip, 443, Frames.Syn)).Has($"{Host}:1000 > {RemoteNode}:6443");
        Assert.Equal((Verdict.Redirect, 0x10cu), (sent.Verdict, sent.Mark));
        var back = TestRun.Run(_node.Program("from_overlay", "mesh_from_overlay"), sent.Frame, mark: sent.Mark);
        Assert.Equal(Verdict.Pass, back.Verdict);
    }

    [KernelFact]
    public void Host_NobodyThere_IsDropped()
    {
        _node.Service($"{Vip}:80", Frames.Tcp);
        _node.ToOverlay(Frames.TcpSegment(Host, 1000, Vip, 80, Frames.Syn)).Dropped(DropReason.NoService, Egress);
    }

    [KernelFact]
    public void Host_ToWhatIsNoService_IsNotSentAnywhere() =>
        _node.ToOverlay(Frames.TcpSegment(Host, 1000, Vip, 80, Frames.Syn)).Dropped(DropReason.NoTunnelEndpoint, Egress);

    [KernelFact]
    public void Outside_ByWayOfTheNodesRoutes_IsNotTheHost()
    {
        _node.Service($"{Vip}:80", Frames.Tcp, $"{Remote}:8080");
        _node.ToOverlay(Frames.TcpSegment("8.8.8.8", 1000, Vip, 80, Frames.Syn)).Dropped(DropReason.NoTunnelEndpoint, Egress);
        Assert.Equal(2u, _node.ToOverlay(Frames.TcpSegment("8.8.8.8", 1000, Remote, 80, Frames.Syn)).TunnelIdentity);
    }

    [KernelFact]
    public void Outside_Masqueraded_KeepsTheIdentityThatItsMarkTells() =>
        Assert.Equal(2u, _node.ToOverlay(Frames.TcpSegment(Host, 1000, Remote, 80, Frames.Syn), mark: 0x20e).TunnelIdentity);
}
