using ClusterMesh.Tests;
using ClusterMesh.Bpf.Contract;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Kernel;

/// <summary>What other nodes send: whom to believe.</summary>
public sealed class FromOverlayTests : IClassFixture<Programs>
{
    private const string Pod = "10.1.1.11", Remote = "10.1.2.11", RemoteNode = "192.168.50.2";
    private const uint RemoteIdentity = 0x20300;
    private static readonly byte[] Frame = Frames.TcpSegment(Remote, 1000, Pod, 80, Frames.Syn);
    private readonly Programs _node;

    public FromOverlayTests(Programs node)
    {
        (_node = node).Clear();
        if (KernelRing.Missing is not null) return;
        node.Pod(Pod, 11, 0x10100);
        node.Node(RemoteNode, 2);
        node.Peer("10.1.1.1/32", 1);
    }

    [KernelFact]
    public void FromOverlay_KnownNode_ReachesThePodWithTheIdentityOfTheTunnel()
    {
        using var events = _node.OpenEvents();
        events.Poll(TimeSpan.Zero);
        _node.FromOverlay(Frame, RemoteIdentity, RemoteNode).Passed(PassReason.Local, Ingress);
        var seen = Assert.Single(events.Poll(TimeSpan.FromSeconds(5)));
        Assert.Equal(
            (EventType.Connection, Programs.Addr(Remote), RemoteIdentity, Programs.Addr(Pod), 0x10100u, 1000, 80, (ushort)11, Ingress, Frames.Tcp, Frames.Syn),
            (seen.Type, seen.Source, seen.SourceIdentity, seen.Destination, seen.DestinationIdentity, seen.SourcePort.Value, seen.DestinationPort.Value, seen.Endpoint, seen.Direction, seen.Protocol, seen.TcpFlags));
    }

    [KernelFact]
    public void FromOverlay_UnknownSender_IsDroppedAndTold()
    {
        using var events = _node.OpenEvents();
        events.Poll(TimeSpan.Zero);
        _node.FromOverlay(Frame, RemoteIdentity, "192.168.50.66").Dropped(DropReason.UnknownSender, Ingress);
        var seen = Assert.Single(events.Poll(TimeSpan.FromSeconds(5)));
        Assert.Equal((EventType.Drop, (byte)DropReason.UnknownSender, Programs.Addr(Remote), RemoteIdentity), (seen.Type, seen.Reason, seen.Source, seen.SourceIdentity));
    }

    [KernelTheory]
    [InlineData(0x10100u)]
    [InlineData(0x30100u)]
    [InlineData(0x00100u)]
    public void FromOverlay_IdentityOfAnotherCluster_IsDropped(uint identity) =>
        _node.FromOverlay(Frame, identity, RemoteNode).Dropped(DropReason.InvalidCluster, Ingress);

    [KernelFact]
    public void FromOverlay_HostOfTheOtherNode_IsARemoteNode()
    {
        _node.FromOverlay(Frame, 1, RemoteNode).Passed(PassReason.Local, Ingress);
        Assert.Equal(6u, Assert.Single(_node.Connections.Read()).Value.PeerIdentity);
    }

    [KernelFact]
    public void FromOverlay_UnknownIdentity_StaysUnknownAndIsCounted()
    {
        var outcome = _node.FromOverlay(Frame, 0, RemoteNode);
        outcome.Passed(PassReason.Local, Ingress);
        Assert.Contains(((byte)PassReason.UnknownIdentity, Ingress), outcome.Counted);
        Assert.Equal(0u, Assert.Single(_node.Connections.Read()).Value.PeerIdentity);
    }

    [KernelFact]
    public void FromOverlay_ToTheNodeItself_GoesToTheStack() =>
        _node.FromOverlay(Frames.UdpDatagram(Remote, 1, "10.1.1.1", 2), RemoteIdentity, RemoteNode).Passed(PassReason.Stack, Ingress);

    [KernelTheory]
    [InlineData("10.1.1.99")]
    [InlineData("8.8.8.8")]
    public void FromOverlay_ToAnybodyElse_IsNotForwarded(string destination) =>
        _node.FromOverlay(Frames.UdpDatagram(Remote, 1, destination, 2), RemoteIdentity, RemoteNode).Dropped(DropReason.Unroutable, Ingress);

    [KernelFact]
    public void FromOverlay_WithoutTunnelKey_IsDropped()
    {
        var run = TestRun.Run(_node.Program("from_overlay", "mesh_from_overlay"), Frame);
        Assert.Equal(Verdict.Drop, run.Verdict);
        Assert.NotEqual(0ul, _node.Metrics.Of(DropReason.NoTunnelKey, Ingress).Packets);
    }
}
