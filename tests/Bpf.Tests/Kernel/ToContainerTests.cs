using ClusterMesh.Tests;
using ClusterMesh.Bpf.Contract;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Kernel;

/// <summary>What the node's stack sends to a pod: known by its address only.</summary>
public sealed class ToContainerTests : IClassFixture<Programs>
{
    private const string Pod = "10.1.1.11", Host = "10.1.1.1";
    private readonly Programs _node;

    public ToContainerTests(Programs node)
    {
        (_node = node).Clear();
        if (KernelRing.Missing is not null) return;
        node.Pod(Pod, 11, 0x10100, flags: EndpointFlags.IngressPolicy | EndpointFlags.EgressPolicy);
        node.Pod("10.1.1.12", 12, 0x10200, ifindex: 77);
        node.Peer($"{Host}/32", 1);
        node.Peer("10.1.2.11/32", 0x20300, "192.168.50.2");
        node.Policy(Pod, Rules.Allow(Ingress, identity: 1));
    }

    [KernelFact]
    public void ToContainer_FromTheHost_IsAnsweredUnderDefaultDenyOfEgress()
    {
        _node.ToContainer(Frames.TcpSegment(Host, 1000, Pod, 80, Frames.Syn)).Passed(PassReason.Stack, Ingress);
        _node.FromContainer(Frames.TcpSegment(Pod, 80, Host, 1000, Frames.Syn | Frames.Ack)).Passed(PassReason.Stack, Egress);
    }

    [KernelFact]
    public void ToContainer_FromTheWorld_IsJudgedAsWorld() =>
        _node.ToContainer(Frames.TcpSegment("8.8.8.8", 1000, Pod, 80, Frames.Syn)).Dropped(DropReason.Policy, Ingress);

    [KernelTheory]
    [InlineData("10.1.1.12")]
    [InlineData("10.1.2.11")]
    public void ToContainer_WithThePodAddressOfSomebody_IsDropped(string source) =>
        _node.ToContainer(Frames.TcpSegment(source, 1000, Pod, 80, Frames.Syn)).Dropped(DropReason.InvalidSource, Ingress);

    [KernelTheory]
    [InlineData("10.1.1.99")]
    [InlineData("10.1.1.12")]
    public void ToContainer_ForAnotherPod_IsDropped(string destination) =>
        _node.ToContainer(Frames.TcpSegment(Host, 1000, destination, 80, Frames.Syn)).Dropped(DropReason.Unroutable, Ingress);
}
