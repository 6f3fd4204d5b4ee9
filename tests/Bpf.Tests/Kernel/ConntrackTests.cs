using ClusterMesh.Tests;
using ClusterMesh.Bpf.Contract;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Kernel;

/// <summary>Which packets follow a connection, and when it is judged again.</summary>
public sealed class ConntrackTests : IClassFixture<Programs>
{
    private const string Pod = "10.1.1.11", Remote = "10.1.2.11", RemoteNode = "192.168.50.2";
    private const uint RemoteIdentity = 0x20300;
    private const EndpointFlags Judged = EndpointFlags.IngressPolicy | EndpointFlags.EgressPolicy;
    private readonly Programs _node;

    public ConntrackTests(Programs node)
    {
        (_node = node).Clear();
        if (KernelRing.Missing is not null) return;
        node.Pod(Pod, 11, 0x10100, flags: Judged);
        node.Peer($"{Remote}/32", RemoteIdentity, RemoteNode);
        node.Node(RemoteNode, 2);
    }

    [KernelFact]
    public void Reply_ToAConnectionFromThePod_IsAllowedUnderDefaultDenyOfIngress()
    {
        _node.Policy(Pod, Rules.Allow(Egress));
        Send(Frames.Syn).Passed(PassReason.Tunnel, Egress);
        Receive(Frames.Syn | Frames.Ack).Passed(PassReason.Local, Ingress);
        Assert.Equal(ConnectionFlags.Answered, Assert.Single(_node.Connections.Read()).Value.Flags);
    }

    [KernelFact]
    public void FreshSyn_OverTheReplyDirection_IsNew()
    {
        _node.Policy(Pod, Rules.Allow(Egress));
        Send(Frames.Syn).Passed(PassReason.Tunnel, Egress);
        Receive(Frames.Syn | Frames.Ack).Passed(PassReason.Local, Ingress);
        Receive(Frames.Syn).Dropped(DropReason.Policy, Ingress);
    }

    [KernelFact]
    public void FreshSyn_OnAnEstablishedConnection_StartsItAnew()
    {
        _node.Policy(Pod, Rules.Allow(Ingress));
        Receive(Frames.Syn);
        Send(Frames.Syn | Frames.Ack);
        Receive(Frames.Fin | Frames.Ack);
        Send(Frames.Fin | Frames.Ack);
        Assert.Equal(ConnectionFlags.Answered | ConnectionFlags.Fin | ConnectionFlags.ReplyFin | ConnectionFlags.Told, Assert.Single(_node.Connections.Read()).Value.Flags);
        Receive(Frames.Syn).Passed(PassReason.Local, Ingress);
        Assert.Equal((ConnectionFlags)0, Assert.Single(_node.Connections.Read()).Value.Flags);
    }

    [KernelFact]
    public void Lifetime_ByState_IsThatOfTheSettings()
    {
        var settings = new Settings();
        _node.Policy(Pod, Rules.Allow(Ingress));
        Receive(Frames.Syn);
        var opening = Assert.Single(_node.Connections.Read()).Value.Expires;
        Send(Frames.Syn | Frames.Ack);
        Assert.InRange(Assert.Single(_node.Connections.Read()).Value.Expires - opening, settings.TcpLifetime - settings.OpeningLifetime, settings.TcpLifetime);
        Send(Frames.Rst);
        Assert.InRange(opening - Assert.Single(_node.Connections.Read()).Value.Expires, 0u, settings.OpeningLifetime - settings.ClosingLifetime);
    }

    [KernelFact]
    public void ExpiredConnection_ItsReply_IsJudgedLikeAnythingNew()
    {
        _node.Policy(Pod, Rules.Allow(Egress));
        Send(Frames.Syn);
        var connection = Assert.Single(_node.Connections.Read());
        _node.Connections.Update(connection.Key, connection.Value with { Expires = 1 });
        Receive(Frames.Syn | Frames.Ack).Dropped(DropReason.Policy, Ingress);
    }

    [KernelFact]
    public void PolicyChange_ConnectionNoLongerAllowed_EndsInBothDirections()
    {
        _node.Policy(Pod, Rules.Allow(Ingress, RemoteIdentity, Frames.Tcp, 80));
        Receive(Frames.Syn).Passed(PassReason.Local, Ingress);
        Send(Frames.Syn | Frames.Ack).Passed(PassReason.Tunnel, Egress);
        _node.Policy(Pod);
        Send(Frames.Ack).Dropped(DropReason.Policy, Egress);
        Receive(Frames.Ack).Dropped(DropReason.Policy, Ingress);
        Assert.Empty(_node.Connections.Read());
    }

    [KernelFact]
    public void PolicyChange_ConnectionStillAllowed_GoesOnAndIsNotJudgedTwice()
    {
        _node.Policy(Pod, Rules.Allow(Ingress));
        Receive(Frames.Syn);
        _node.Policy(Pod, Rules.Allow(Ingress, RemoteIdentity, Frames.Tcp, 80));
        Receive(Frames.Ack).Passed(PassReason.Local, Ingress);
        // Judged by this revision: even without the entries it goes on.
        Assert.True(_node.Policies.Remove(11));
        Receive(Frames.Ack).Passed(PassReason.Local, Ingress);
    }

    [KernelFact]
    public void PeerIdentity_Changes_TheConnectionIsJudgedAgain()
    {
        _node.Policy(Pod, Rules.Allow(Ingress, RemoteIdentity));
        Receive(Frames.Syn).Passed(PassReason.Local, Ingress);
        _node.FromOverlay(Frames.TcpSegment(Remote, 1000, Pod, 80, Frames.Ack), RemoteIdentity + 1, RemoteNode).Dropped(DropReason.Policy, Ingress);
    }

    [KernelTheory]
    [InlineData(Frames.Rst)]
    [InlineData(Frames.Fin | Frames.Ack)]
    public void EndOfAnUnknownConnection_WhereAllowed_PassesAndIsNotRemembered(byte flags)
    {
        _node.Policy(Pod, Rules.Allow(Ingress));
        Receive(flags).Passed(PassReason.Local, Ingress);
        Assert.Empty(_node.Connections.Read());
    }

    [KernelFact]
    public void MiddleOfAnUnknownConnection_WhereAllowed_IsTakenUp()
    {
        _node.Policy(Pod, Rules.Allow(Ingress));
        Receive(Frames.Ack).Passed(PassReason.Local, Ingress);
        Send(Frames.Ack).Passed(PassReason.Tunnel, Egress);
    }

    [KernelFact]
    public void NeighbourConnection_IsKeptForBothPods()
    {
        _node.Pod("10.1.1.12", 12, 0x10200, flags: Judged);
        _node.Policy(Pod, Rules.Allow(Egress));
        _node.Policy("10.1.1.12", Rules.Allow(Ingress, 0x10100));
        _node.FromContainer(Frames.UdpDatagram(Pod, 1000, "10.1.1.12", 53)).Passed(PassReason.Local, Ingress);
        Assert.Equal([Scope.Ingress, Scope.Egress], _node.Connections.Read().Select(connection => connection.Key.Scope).Order());
        _node.FromContainer(Frames.UdpDatagram("10.1.1.12", 53, Pod, 1000)).Passed(PassReason.Local, Ingress);
    }

    private Outcome Send(int flags) => _node.FromContainer(Frames.TcpSegment(Pod, 80, Remote, 1000, (byte)flags));

    private Outcome Receive(int flags) => _node.FromOverlay(Frames.TcpSegment(Remote, 1000, Pod, 80, (byte)flags), RemoteIdentity, RemoteNode);
}
