using ClusterMesh.Tests;
using ClusterMesh.Bpf.Contract;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Kernel;

/// <summary>Fragments after the first have no ports: they are judged by those of the first.</summary>
public sealed class FragmentTests : IClassFixture<Programs>
{
    private const string Pod = "10.1.1.11", Remote = "10.1.2.11", RemoteNode = "192.168.50.2";
    private readonly Programs _node;

    public FragmentTests(Programs node)
    {
        (_node = node).Clear();
        if (KernelRing.Missing is not null) return;
        node.Pod(Pod, 11, 0x10100, flags: EndpointFlags.IngressPolicy);
        node.Node(RemoteNode, 2);
        node.Policy(Pod, Rules.Allow(Ingress, 0, Frames.Udp, 53), Rules.Allow(Ingress, 0, Frames.Tcp, 80), Rules.Allow(Ingress, 0, Frames.Icmp, 8));
    }

    [KernelFact]
    public void LaterFragment_AfterTheFirst_IsJudgedByItsPorts()
    {
        var (first, second) = Frames.Cut(Frames.UdpDatagram(Remote, 1000, Pod, 53, 64), 16, 7);
        Receive(first).Passed(PassReason.Local, Ingress);
        Receive(second).Passed(PassReason.Local, Ingress);
        Assert.Single(_node.Connections.Read());
    }

    [KernelFact]
    public void LaterFragment_OfADatagramToAClosedPort_IsDropped()
    {
        var (first, second) = Frames.Cut(Frames.UdpDatagram(Remote, 1000, Pod, 54, 64), 16, 7);
        Receive(first).Dropped(DropReason.Policy, Ingress);
        Receive(second).Dropped(DropReason.Policy, Ingress);
    }

    [KernelFact]
    public void LaterFragment_WithoutTheFirst_IsDropped()
    {
        var (first, _) = Frames.Cut(Frames.UdpDatagram(Remote, 1000, Pod, 53, 64), 16, 7);
        var (_, second) = Frames.Cut(Frames.UdpDatagram(Remote, 1000, Pod, 53, 64), 16, 8);
        Receive(first).Passed(PassReason.Local, Ingress);
        Receive(second).Dropped(DropReason.FragmentNotFound, Ingress);
    }

    [KernelFact]
    public void SecondFragment_ThatWouldWriteOverTheTcpFlags_IsDropped()
    {
        var (first, second) = Frames.Cut(Frames.TcpSegment(Remote, 1000, Pod, 80, Frames.Syn), 8, 7);
        Receive(first).Dropped(DropReason.InvalidPacket, Ingress);
        Receive(second).Dropped(DropReason.InvalidPacket, Ingress);
    }

    [KernelFact]
    public void LaterFragment_OfALongEcho_IsJudgedAsEcho()
    {
        var (first, second) = Frames.Cut([.. Frames.IPv4(Remote, Pod, Frames.Icmp, [8, 0, 0, 0, 0, 7, 0, 1, .. new byte[64]])], 16, 7);
        Receive(first).Passed(PassReason.Local, Ingress);
        Receive(second).Passed(PassReason.Local, Ingress);
        Assert.Single(_node.Connections.Read());
    }

    private Outcome Receive(byte[] frame) => _node.FromOverlay(frame, 0x20300, RemoteNode);
}
