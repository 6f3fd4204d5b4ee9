using ClusterMesh.Tests;
using ClusterMesh.Bpf.Contract;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Kernel;

/// <summary>What a pod sends: who it may say it is, and where it goes.</summary>
public sealed class FromContainerTests : IClassFixture<Programs>
{
    private const string Pod = "10.1.1.11", Neighbour = "10.1.1.12", Remote = "10.1.2.11", RemoteNode = "192.168.50.2";
    private readonly Programs _node;

    public FromContainerTests(Programs node)
    {
        (_node = node).Clear();
        if (KernelRing.Missing is not null) return;
        node.Pod(Pod, 11, 0x10100);
        node.Pod(Neighbour, 12, 0x10200, ifindex: 77);
        node.Peer("10.1.2.0/24", 0, RemoteNode);
        node.Peer($"{Remote}/32", 0x20300, RemoteNode);
        node.Peer("10.1.1.1/32", 1);
    }

    [KernelFact]
    public void FromContainer_ToNeighbour_GoesIntoItsPodWithItsAddresses()
    {
        var outcome = _node.FromContainer(Frames.UdpDatagram(Pod, 1000, Neighbour, 53));
        outcome.Passed(PassReason.Local, Ingress);
        Assert.Equal("02000001000C02000002000C", Convert.ToHexString(outcome.Frame.AsSpan(0, 12)));
        Assert.Equal(0u, outcome.TunnelNode);
    }

    [KernelFact]
    public void FromContainer_ToRemotePod_IsTunnelledWithItsIdentity()
    {
        var outcome = _node.FromContainer(Frames.UdpDatagram(Pod, 1000, Remote, 53));
        outcome.Passed(PassReason.Tunnel, Egress);
        Assert.Equal((0x10100u, Programs.HostOrder(RemoteNode)), (outcome.TunnelIdentity, outcome.TunnelNode));
    }

    [KernelFact]
    public void FromContainer_ToRemotePodNotYetKnown_IsTunnelledAndCountedAsUnknown()
    {
        var outcome = _node.FromContainer(Frames.UdpDatagram(Pod, 1000, "10.1.2.99", 53));
        outcome.Passed(PassReason.Tunnel, Egress);
        Assert.Contains(((byte)PassReason.UnknownIdentity, Egress), outcome.Counted);
    }

    [KernelTheory]
    [InlineData("10.1.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("224.0.0.251")]
    public void FromContainer_ToNodeOrWorld_GoesToTheStack(string destination) =>
        _node.FromContainer(Frames.UdpDatagram(Pod, 1000, destination, 53)).Passed(PassReason.Stack, Egress);

    [KernelTheory]
    [InlineData("10.1.1.99")]
    [InlineData("8.8.8.8")]
    [InlineData(Neighbour)]
    public void FromContainer_WithAnotherSource_IsDropped(string source) =>
        _node.FromContainer(Frames.UdpDatagram(source, 1000, Remote, 53)).Dropped(DropReason.InvalidSource, Egress);

    [KernelFact]
    public void FromContainer_SpoofedFragment_LeavesNothingBehind()
    {
        var (first, _) = Frames.Cut(Frames.UdpDatagram(Neighbour, 1000, Remote, 53, 64), 16, 7);
        _node.FromContainer(first).Dropped(DropReason.InvalidSource, Egress);
        Assert.Empty(_node.Fragments.Read());
    }

    [KernelFact]
    public void FromContainer_Arp_IsTheKernels()
    {
        var frame = Frames.UdpDatagram(Pod, 1, Neighbour, 2);
        (frame[12], frame[13]) = (0x08, 0x06);
        _node.FromContainer(frame).Passed(PassReason.Arp, Egress);
    }

    [KernelFact]
    public void FromContainer_IPv6_IsDroppedAsNotSpokenYet()
    {
        var frame = Frames.UdpDatagram(Pod, 1, Neighbour, 2, payload: 64);
        (frame[12], frame[13]) = (0x86, 0xdd);
        _node.FromContainer(frame).Dropped(DropReason.UnsupportedL3, Egress);
    }

    public static TheoryData<string, int, byte> Malformed => new()
    {
        { "version 6", 14, 0x65 },
        { "header of 16 bytes", 14, 0x44 },
        { "header longer than the packet", 14, 0x4f },
        { "longer than the frame", 16, 0x7f },
    };

    [KernelTheory]
    [MemberData(nameof(Malformed))]
    public void FromContainer_MalformedHeader_IsDropped(string what, int at, byte value)
    {
        var frame = Frames.UdpDatagram(Pod, 1, Remote, 2);
        frame[at] = value;
        var outcome = _node.FromContainer(frame);
        Assert.True(outcome.Verdict == Verdict.Drop, what);
        outcome.Dropped(DropReason.InvalidPacket, Egress);
    }

    [KernelFact]
    public void FromContainer_TcpCutBeforeItsFlags_IsDropped() =>
        _node.FromContainer(Frames.IPv4(Pod, Remote, Frames.Tcp, new byte[12])).Dropped(DropReason.InvalidPacket, Egress);

    [KernelFact]
    public void FromContainer_OtherProtocol_NeedsNoPorts() =>
        _node.FromContainer(Frames.IPv4(Pod, Remote, 47, new byte[4])).Passed(PassReason.Tunnel, Egress);
}
