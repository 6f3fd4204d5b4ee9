using ClusterMesh.Tests;
using ClusterMesh.Bpf.Contract;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Kernel.Services;

/// <summary>A pod asks for a ClusterIP: there and back.</summary>
public sealed class ServicePacketTests : IClassFixture<Programs>
{
    private const string Pod = "10.1.1.11", Neighbour = "10.1.1.12", Remote = "10.1.2.11", RemoteNode = "192.168.50.2", Vip = "10.96.0.1";
    private readonly Programs _node;

    public ServicePacketTests(Programs node)
    {
        (_node = node).Clear();
        if (KernelRing.Missing is not null) return;
        node.Pod(Pod, 11, 0x10100);
        node.Pod(Neighbour, 12, 0x10200, ifindex: 1);
        node.Peer($"{Remote}/32", 0x20300, RemoteNode);
        node.Node(RemoteNode, 2);
    }

    [KernelFact]
    public void Tcp_ToANeighbour_GoesThereAndItsAnswerComesFromTheFrontend()
    {
        _node.Service($"{Vip}:80", Frames.Tcp, $"{Neighbour}:8080");
        var sent = Send(Frames.TcpSegment(Pod, 1000, Vip, 80, Frames.Syn)).Has($"{Pod}:1000 > {Neighbour}:8080");
        sent.Passed(PassReason.Local, Ingress);
        Assert.Contains(((byte)PassReason.Service, Egress), sent.Counted);
        var answer = Send(Frames.TcpSegment(Neighbour, 8080, Pod, 1000, Frames.Syn | Frames.Ack)).Has($"{Vip}:80 > {Pod}:1000");
        answer.Passed(PassReason.Local, Ingress);
        Send(Frames.TcpSegment(Pod, 1000, Vip, 80, Frames.Ack)).Has($"{Pod}:1000 > {Neighbour}:8080");
    }

    [KernelFact]
    public void Udp_ToARemotePod_IsTunnelledAndItsAnswerComesFromTheFrontend()
    {
        _node.Service($"{Vip}:53", Frames.Udp, $"{Remote}:5353");
        var sent = Send(Frames.UdpDatagram(Pod, 1000, Vip, 53)).Has($"{Pod}:1000 > {Remote}:5353");
        sent.Passed(PassReason.Tunnel, Egress);
        Assert.Equal(Programs.HostOrder(RemoteNode), sent.TunnelNode);
        Receive(Frames.UdpDatagram(Remote, 5353, Pod, 1000)).Has($"{Vip}:53 > {Pod}:1000").Passed(PassReason.Local, Ingress);
    }

    [KernelFact]
    public void Udp_WithoutChecksum_GetsNone()
    {
        _node.Service($"{Vip}:53", Frames.Udp, $"{Remote}:5353");
        var request = Frames.UdpDatagram(Pod, 1000, Vip, 53);
        request[40] = request[41] = 0;
        var sent = Send(request).Has($"{Pod}:1000 > {Remote}:5353");
        Assert.Equal([0, 0], sent.Frame[40..42]);
    }

    [KernelFact]
    public void OtherPortOrProtocol_OfTheAddress_IsNotTheService()
    {
        _node.Service($"{Vip}:53", Frames.Udp, $"{Remote}:5353");
        Send(Frames.UdpDatagram(Pod, 1000, Vip, 54)).Has($"{Pod}:1000 > {Vip}:54").Passed(PassReason.Stack, Egress);
        Send(Frames.TcpSegment(Pod, 1000, Vip, 53, Frames.Syn)).Has($"{Pod}:1000 > {Vip}:53").Passed(PassReason.Stack, Egress);
    }

    [KernelFact]
    public void Fragments_OfADatagram_GoToTheSameBackend()
    {
        _node.Service($"{Vip}:53", Frames.Udp, $"{Remote}:5353", "10.1.2.12:5353");
        var (first, second) = Frames.Cut(Frames.UdpDatagram(Pod, 1000, Vip, 53, 64), 16, 7);
        var backend = Send(first).Ends.Split(' ')[2];
        Assert.Equal(backend[..^5], Destination(Send(second)));
    }

    [KernelFact]
    public void Fragments_OfAnAnswer_ComeFromTheFrontend()
    {
        _node.Service($"{Vip}:53", Frames.Udp, $"{Remote}:5353");
        Send(Frames.UdpDatagram(Pod, 1000, Vip, 53));
        var (first, second) = Frames.Cut(Frames.UdpDatagram(Remote, 5353, Pod, 1000, 64), 16, 7);
        Receive(first).Has($"{Vip}:53 > {Pod}:1000");
        var rest = Receive(second);
        Assert.Equal($"{Vip}", Source(rest));
        // What was cut from the datagram is as it was.
        Assert.Equal(second[34..], rest.Frame[34..]);
    }

    [KernelTheory]
    [InlineData(Remote, Vip)]
    [InlineData("10.9.9.9", "10.9.9.9")]
    public void Error_AboutWhatWentToTheBackend_IsAboutTheFrontend(string from, string seen)
    {
        _node.Service($"{Vip}:53", Frames.Udp, $"{Remote}:5353");
        Send(Frames.UdpDatagram(Pod, 1000, Vip, 53));
        var error = Receive(Frames.IcmpError(from, Pod, 3, Frames.UdpDatagram(Pod, 1000, Remote, 5353)));
        error.Passed(PassReason.Local, Ingress);
        Checksums.AreRight(error.Frame);
        Assert.Equal((seen, Pod, $"{Pod}:1000 > {Vip}:53"), (Source(error), Destination(error), Frames.QuotedEnds(error.Frame)));
    }

    [KernelFact]
    public void Error_OfTheClientAboutAnAnswer_GoesToTheBackendThatSentIt()
    {
        _node.Service($"{Vip}:53", Frames.Udp, $"{Remote}:5353");
        Send(Frames.UdpDatagram(Pod, 1000, Vip, 53));
        var error = Send(Frames.IcmpError(Pod, Vip, 3, Frames.UdpDatagram(Vip, 53, Pod, 1000)));
        error.Passed(PassReason.Tunnel, Egress);
        Checksums.AreRight(error.Frame);
        Assert.Equal((Remote, $"{Remote}:5353 > {Pod}:1000"), (Destination(error), Frames.QuotedEnds(error.Frame)));
    }

    [KernelFact]
    public void Error_OfTheClientAboutNothing_GoesToNobody()
    {
        _node.Service($"{Vip}:53", Frames.Udp, $"{Remote}:5353");
        Send(Frames.IcmpError(Pod, Vip, 3, Frames.UdpDatagram(Vip, 53, Pod, 1000))).Dropped(DropReason.NoService, Egress);
    }

    [KernelFact]
    public void Policy_OfTheClient_IsAboutTheBackend()
    {
        _node.Pod(Pod, 11, 0x10100, flags: EndpointFlags.EgressPolicy);
        _node.Service($"{Vip}:80", Frames.Tcp, $"{Remote}:8080");
        _node.Policy(Pod, Rules.Allow(Egress, 0x20300, Frames.Tcp, 80));
        Send(Frames.TcpSegment(Pod, 1000, Vip, 80, Frames.Syn)).Dropped(DropReason.Policy, Egress, PassReason.Service);
        _node.Policy(Pod, Rules.Allow(Egress, 0x20300, Frames.Tcp, 8080));
        Send(Frames.TcpSegment(Pod, 1000, Vip, 80, Frames.Syn)).Has($"{Pod}:1000 > {Remote}:8080").Passed(PassReason.Tunnel, Egress);
        Receive(Frames.TcpSegment(Remote, 8080, Pod, 1000, Frames.Syn | Frames.Ack)).Has($"{Vip}:80 > {Pod}:1000");
    }

    [KernelFact]
    public void Answer_ToTheBackendsOwnAddress_IsNotTheFrontends()
    {
        _node.Service($"{Vip}:53", Frames.Udp, $"{Remote}:5353");
        Send(Frames.UdpDatagram(Pod, 1000, Vip, 53));
        Send(Frames.UdpDatagram(Pod, 1000, Remote, 5353)).Has($"{Pod}:1000 > {Remote}:5353");
        Receive(Frames.UdpDatagram(Remote, 5353, Pod, 1000)).Has($"{Remote}:5353 > {Pod}:1000");
    }

    [KernelFact]
    public void Hairpin_PodThatIsItsOwnBackend_ReachesItselfUnderDefaultDeny()
    {
        _node.Pod(Pod, 11, 0x10100, flags: EndpointFlags.EgressPolicy | EndpointFlags.IngressPolicy);
        _node.Policy(Pod);
        _node.Service($"{Vip}:80", Frames.Tcp, $"{Pod}:8080");
        Send(Frames.TcpSegment(Pod, 1000, Vip, 80, Frames.Syn)).Has($"169.254.42.1:1000 > {Pod}:8080").Passed(PassReason.Local, Egress);
        Send(Frames.TcpSegment(Pod, 8080, "169.254.42.1", 1000, Frames.Syn | Frames.Ack)).Has($"{Vip}:80 > {Pod}:1000").Passed(PassReason.Local, Egress);
        Send(Frames.TcpSegment(Pod, 1000, Vip, 80, Frames.Ack)).Has($"169.254.42.1:1000 > {Pod}:8080");
        Send(Frames.TcpSegment(Pod, 8081, "169.254.42.1", 1000, Frames.Ack)).Dropped(DropReason.Unroutable, Egress);
    }

    [KernelFact]
    public void Connection_OfAService_IsToldWithItsFrontend()
    {
        _node.Service($"{Vip}:80", Frames.Tcp, $"{Remote}:8080");
        using var events = _node.OpenEvents();
        events.Poll(TimeSpan.Zero);
        Send(Frames.TcpSegment(Pod, 1000, Vip, 80, Frames.Syn));
        var seen = Assert.Single(events.Poll(TimeSpan.FromSeconds(5)));
        Assert.True(_node.Services.TryFind(seen.Service, out var frontend));
        Assert.Equal((EventType.Connection, $"{Vip}:80/TCP", Remote), (seen.Type, frontend.ToString(), seen.Destination.ToString()));
    }

    [KernelTheory]
    [InlineData(Frames.Tcp)]
    [InlineData(Frames.Udp)]
    public void NobodyThere_TheClientIsToldByIcmp(byte protocol)
    {
        _node.Service($"{Vip}:80", protocol);
        var request = protocol == Frames.Tcp ? Frames.TcpSegment(Pod, 1000, Vip, 80, Frames.Syn) : Frames.UdpDatagram(Pod, 1000, Vip, 80, payload: 500);
        var refused = Send(request);
        Assert.Equal((Verdict.Redirect, Frames.Icmp, (byte)3, (byte)3), (refused.Verdict, refused.Frame[23], refused.Frame[34], refused.Frame[35]));
        Assert.Equal((Vip, Pod, $"{Pod}:1000 > {Vip}:80"), (Source(refused), Destination(refused), Frames.QuotedEnds(refused.Frame)));
        Checksums.AreRight(refused.Frame);
        Assert.Equal([((byte)PassReason.Local, Egress), ((byte)PassReason.Refused, Egress), ((byte)DropReason.NoService, Egress)], refused.Counted);
    }

    private Outcome Send(byte[] frame) => _node.FromContainer(frame);

    private Outcome Receive(byte[] frame) => _node.FromOverlay(frame, 0x20300, RemoteNode);

    private static string Source(Outcome outcome) => $"{new System.Net.IPAddress(outcome.Frame[26..30])}";

    private static string Destination(Outcome outcome) => $"{new System.Net.IPAddress(outcome.Frame[30..34])}";
}
