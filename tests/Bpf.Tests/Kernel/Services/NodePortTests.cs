using ClusterMesh.Tests;
using ClusterMesh.Bpf.Contract;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Kernel.Services;

/// <summary>Services that are asked for from outside, by an address of the node or one that leads to it.</summary>
public sealed class NodePortTests : IClassFixture<Programs>
{
    private const string Client = "203.0.113.7", Node = "192.168.50.1", Pod = "10.1.1.11", Remote = "10.1.2.11";
    private readonly Programs _node;

    public NodePortTests(Programs node)
    {
        (_node = node).Clear();
        if (KernelRing.Missing is not null) return;
        node.Pod(Pod, 11, 0x10100);
        node.Peer($"{Node}/32", 1);
        node.Peer($"{Remote}/32", 0x20300, "192.168.50.2");
        node.Peer("192.168.50.2/32", 6);
    }

    [KernelTheory]
    [InlineData(Pod)]
    [InlineData(Remote)]
    [InlineData("192.168.50.2")]
    public void Tcp_FromOutside_GoesToABackendMarkedAndIsAnsweredByTheNode(string backend)
    {
        External($"{Node}:30080", $"{backend}:8080");
        var sent = _node.FromNetwork(Frames.TcpSegment(Client, 1000, Node, 30080, Frames.Syn)).Has($"{Client}:1000 > {backend}:8080");
        sent.Passed(PassReason.Stack, Ingress);
        Assert.Equal(0x20eu, sent.Mark);
        var answer = _node.ToNetwork(Frames.TcpSegment(backend, 8080, Client, 1000, Frames.Syn | Frames.Ack)).Has($"{Node}:30080 > {Client}:1000");
        Assert.Equal(Verdict.Pass, answer.Verdict);
    }

    [KernelFact]
    public void Tcp_ToALocalBackend_IsTheWorldForItsPolicy()
    {
        _node.Pod(Pod, 11, 0x10100, flags: EndpointFlags.IngressPolicy);
        External($"{Node}:30080", $"{Pod}:8080");
        var sent = _node.FromNetwork(Frames.TcpSegment(Client, 1000, Node, 30080, Frames.Syn));
        _node.Policy(Pod, Rules.Allow(Ingress, identity: 1));
        _node.ToContainer(sent.Frame).Dropped(DropReason.Policy, Ingress);
        _node.Policy(Pod, Rules.Allow(Ingress, identity: 2));
        _node.ToContainer(sent.Frame).Passed(PassReason.Stack, Ingress);
        _node.FromContainer(Frames.TcpSegment(Pod, 8080, Client, 1000, Frames.Syn | Frames.Ack)).Has($"{Pod}:8080 > {Client}:1000").Passed(PassReason.Stack, Egress);
    }

    [KernelFact]
    public void ClusterIP_FromOutside_IsNotOffered()
    {
        _node.Service("10.96.0.1:80", Frames.Tcp, $"{Pod}:8080");
        var sent = _node.FromNetwork(Frames.TcpSegment(Client, 1000, "10.96.0.1", 80, Frames.Syn)).Has($"{Client}:1000 > 10.96.0.1:80");
        Assert.Equal((Verdict.Pass, 0u), (sent.Verdict, sent.Mark));
        Assert.Empty(sent.Counted);
    }

    [KernelFact]
    public void NodePort_FromAPod_IsBalancedThere()
    {
        External($"{Node}:30080", $"{Remote}:8080");
        _node.FromContainer(Frames.TcpSegment(Pod, 1000, Node, 30080, Frames.Syn)).Has($"{Pod}:1000 > {Remote}:8080").Passed(PassReason.Tunnel, Egress);
    }

    [KernelFact]
    public void NobodyThere_FromOutside_IsDroppedAndCounted()
    {
        External($"{Node}:30080");
        _node.FromNetwork(Frames.TcpSegment(Client, 1000, Node, 30080, Frames.Syn)).Dropped(DropReason.NoService, Ingress);
    }

    [KernelFact]
    public void Error_OnTheWayToTheBackend_IsAboutTheFrontendForTheClient()
    {
        External($"{Node}:30080", $"{Remote}:8080");
        var sent = _node.FromNetwork(Frames.TcpSegment(Client, 1000, Node, 30080, Frames.Syn));
        var error = _node.ToNetwork(Frames.IcmpError(Node, Client, 3, sent.Frame));
        Checksums.AreRight(error.Frame);
        Assert.Equal($"{Client}:1000 > {Node}:30080", Frames.QuotedEnds(error.Frame));
    }

    [KernelFact]
    public void Error_OfTheClient_ReachesTheBackend()
    {
        External($"{Node}:30080", $"{Remote}:8080");
        _node.FromNetwork(Frames.TcpSegment(Client, 1000, Node, 30080, Frames.Syn));
        var error = _node.FromNetwork(Frames.IcmpError(Client, Node, 3, Frames.TcpSegment(Node, 30080, Client, 1000, Frames.Ack)));
        Checksums.AreRight(error.Frame);
        Assert.Equal((Remote, $"{Remote}:8080 > {Client}:1000"), ($"{new System.Net.IPAddress(error.Frame[30..34])}", Frames.QuotedEnds(error.Frame)));
    }

    public static TheoryData<string, byte[]> Others => new()
    {
        { "a tunnel", Frames.UdpDatagram("192.168.50.2", 50000, Node, 8472) },
        { "ssh", Frames.TcpSegment(Client, 1000, Node, 22, Frames.Syn) },
        { "ping", Frames.Echo(Client, Node, 7) },
        { "another protocol", Frames.IPv4(Client, Node, 47, new byte[8]) },
        { "a cut header", Frames.TcpSegment(Client, 1000, Node, 22, Frames.Syn)[..40] },
    };

    [KernelTheory]
    [MemberData(nameof(Others))]
    public void Anything_ThatIsNoService_IsTheStacksBothWays(string what, byte[] frame)
    {
        foreach (var outcome in new[] { _node.FromNetwork(frame), _node.ToNetwork(frame) })
        {
            Assert.True(outcome.Verdict == Verdict.Pass, what);
            Assert.Equal(frame, outcome.Frame);
            Assert.Empty(outcome.Counted);
        }
    }

    private void External(string frontend, params string[] backends) => _node.Service(frontend, Frames.Tcp, model => model with { External = true }, backends);
}
