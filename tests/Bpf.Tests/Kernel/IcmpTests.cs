using ClusterMesh.Tests;
using ClusterMesh.Bpf.Contract;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Kernel;

/// <summary>Echo is a connection; errors belong to the connection that they are about.</summary>
public sealed class IcmpTests : IClassFixture<Programs>
{
    private const string Pod = "10.1.1.11", Remote = "10.1.2.11", RemoteNode = "192.168.50.2", Router = "10.9.9.9";
    private const uint RemoteIdentity = 0x20300;
    private const byte Unreachable = 3, TimeExceeded = 11, Redirect = 5;
    private static readonly byte[] Request = Frames.UdpDatagram(Pod, 1000, Remote, 53);
    private readonly Programs _node;

    public IcmpTests(Programs node)
    {
        (_node = node).Clear();
        if (KernelRing.Missing is not null) return;
        node.Pod(Pod, 11, 0x10100, flags: EndpointFlags.IngressPolicy | EndpointFlags.EgressPolicy);
        node.Peer($"{Remote}/32", RemoteIdentity, RemoteNode);
        node.Node(RemoteNode, 2);
        node.Policy(Pod, Rules.Allow(Egress));
    }

    [KernelFact]
    public void EchoReply_ToTheSameId_IsAllowed()
    {
        _node.FromContainer(Frames.Echo(Pod, Remote, 7)).Passed(PassReason.Tunnel, Egress);
        Receive(Frames.Echo(Remote, Pod, 7, reply: true)).Passed(PassReason.Local, Ingress);
        Receive(Frames.Echo(Remote, Pod, 8, reply: true)).Dropped(DropReason.Policy, Ingress);
    }

    [KernelTheory]
    [InlineData(8, true)]
    [InlineData(13, false)]
    public void Echo_ByItsType_IsJudged(byte type, bool allowed)
    {
        _node.Policy(Pod, Rules.Allow(Ingress, 0, Frames.Icmp, type));
        var outcome = Receive(Frames.Echo(Remote, Pod, 7));
        Assert.Equal(allowed, outcome.Verdict == Verdict.Redirect);
    }

    [KernelTheory]
    [InlineData(Unreachable, Remote)]
    [InlineData(Unreachable, Router)]
    [InlineData(TimeExceeded, Router)]
    public void Error_AboutWhatThePodSent_IsAllowedFromAnybodyOnTheWay(byte type, string from)
    {
        _node.FromContainer(Request).Passed(PassReason.Tunnel, Egress);
        var before = Assert.Single(_node.Connections.Read());
        Receive(Frames.IcmpError(from, Pod, type, Request)).Passed(PassReason.Local, Ingress);
        Assert.Equal(before, Assert.Single(_node.Connections.Read()));
    }

    [KernelFact]
    public void Error_AboutWhatThePodAnswered_IsAllowed()
    {
        _node.Policy(Pod, Rules.Allow(Ingress));
        Receive(Frames.UdpDatagram(Remote, 1000, Pod, 53)).Passed(PassReason.Local, Ingress);
        _node.Policy(Pod, Rules.Allow(Ingress, 0, Frames.Udp, 53));
        Receive(Frames.IcmpError(Remote, Pod, Unreachable, Frames.UdpDatagram(Pod, 53, Remote, 1000))).Passed(PassReason.Local, Ingress);
    }

    [KernelFact]
    public void Error_OfThePodAboutWhatItReceived_IsAllowedUnderDefaultDenyOfEgress()
    {
        _node.Policy(Pod, Rules.Allow(Ingress));
        var request = Frames.UdpDatagram(Remote, 1000, Pod, 53);
        Receive(request).Passed(PassReason.Local, Ingress);
        _node.FromContainer(Frames.IcmpError(Pod, Remote, Unreachable, request)).Passed(PassReason.Tunnel, Egress);
    }

    [KernelFact]
    public void Error_AboutNothingThatWasSent_IsDropped() =>
        Receive(Frames.IcmpError(Remote, Pod, Unreachable, Request)).Dropped(DropReason.Policy, Ingress);

    [KernelFact]
    public void Error_AboutAnotherPodsConnection_IsDropped()
    {
        _node.Pod("10.1.1.12", 12, 0x10200, flags: EndpointFlags.IngressPolicy);
        _node.Policy("10.1.1.12");
        _node.FromContainer(Request).Passed(PassReason.Tunnel, Egress);
        Receive(Frames.IcmpError(Remote, "10.1.1.12", Unreachable, Request)).Dropped(DropReason.Policy, Ingress);
    }

    [KernelFact]
    public void Error_OfThePodAboutWhatAnotherReceived_IsDropped()
    {
        var request = Frames.UdpDatagram(Remote, 1000, "10.1.1.12", 53);
        _node.FromContainer(Frames.IcmpError(Pod, Remote, Unreachable, request)).Dropped(DropReason.InvalidSource, Egress);
    }

    [KernelFact]
    public void Redirect_IsNoErrorAboutAConnection()
    {
        _node.FromContainer(Request).Passed(PassReason.Tunnel, Egress);
        Receive(Frames.IcmpError(Remote, Pod, Redirect, Request)).Dropped(DropReason.Policy, Ingress);
    }

    private Outcome Receive(byte[] frame) => _node.FromOverlay(frame, RemoteIdentity, RemoteNode);
}
