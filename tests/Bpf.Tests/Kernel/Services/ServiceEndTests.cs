using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Services;
using ClusterMesh.Tests;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Kernel.Services;

/// <summary>How long a closed connection's backend, or that it was the proxy's, is remembered.</summary>
public sealed class ServiceEndTests : IClassFixture<Programs>
{
    private const string Pod = "10.1.1.11", Remote = "10.1.2.11", RemoteNode = "192.168.50.2", Vip = "10.96.0.1";
    private const uint Answers = (uint)Mark.FromProxy;
    private readonly Programs _node;

    public ServiceEndTests(Programs node)
    {
        (_node = node).Clear();
        if (KernelRing.Missing is not null) return;
        node.Pod(Pod, 11, 0x10100);
        node.Peer($"{Remote}/32", 0x20300, RemoteNode);
        node.Node(RemoteNode, 2);
    }

    private static Settings Lifetimes => new();

    [KernelFact]
    public void ProxiedConnection_ThatBothHaveClosed_IsForgottenSoon()
    {
        Proxied();
        Assert.InRange(Left(), Lifetimes.OpeningLifetime + 1, Lifetimes.TcpLifetime);
        Send(Frames.Fin | Frames.Ack).GivenToProxy(Egress);
        Assert.InRange(Left(), Lifetimes.OpeningLifetime + 1, Lifetimes.TcpLifetime);
        Answer(Frames.Fin | Frames.Ack);
        // As the one that closed last is acknowledged without a FIN.
        Send(Frames.Ack).GivenToProxy(Egress);
        Assert.InRange(Left(), long.MinValue, Lifetimes.ClosingLifetime);
    }

    [KernelFact]
    public void ProxiedConnection_ThatTheProxyResets_IsForgottenSoon()
    {
        Proxied();
        Answer(Frames.Rst);
        Assert.InRange(Left(), long.MinValue, Lifetimes.ClosingLifetime);
    }

    [KernelFact]
    public void ProxiedConnection_ThatNobodyAnswers_IsForgottenLikeAnyOther()
    {
        _node.StartProxy();
        L7(on: true);
        Send(Frames.Syn);
        Send(Frames.Ack);
        Assert.InRange(Left(), long.MinValue, Lifetimes.OpeningLifetime);
    }

    [KernelFact]
    public void ProxiedConnection_ItsEnd_IsToldByNobody()
    {
        Proxied();
        using var events = _node.OpenEvents();
        events.Poll(TimeSpan.Zero);
        Send(Frames.Fin | Frames.Ack);
        Answer(Frames.Fin | Frames.Ack);
        Assert.DoesNotContain(events.Poll(TimeSpan.Zero), told => told.Type == EventType.End);
    }

    [KernelFact]
    public void BalancedConnection_ThatTheClientHasClosed_IsForgottenSoon()
    {
        L7(on: false);
        Send(Frames.Syn);
        Send(Frames.Ack);
        Assert.InRange(Left(), Lifetimes.OpeningLifetime + 1, Lifetimes.TcpLifetime);
        Send(Frames.Fin | Frames.Ack);
        // The acknowledgement of the backend's FIN; or of more data, as it may still have something to say.
        Send(Frames.Ack).Has($"{Pod}:1000 > {Remote}:8080");
        Assert.InRange(Left(), long.MinValue, Lifetimes.OpeningLifetime);
    }

    [KernelFact]
    public void BalancedConnection_ThatTheClientHasReset_IsForgottenSoon()
    {
        L7(on: false);
        Send(Frames.Syn);
        Send(Frames.Rst);
        Send(Frames.Ack);
        Assert.InRange(Left(), long.MinValue, Lifetimes.ClosingLifetime);
    }

    [KernelFact]
    public void BalancedConnection_ThatBeginsAnewAfterItsEnd_LivesOn()
    {
        L7(on: false);
        Send(Frames.Syn);
        Send(Frames.Fin | Frames.Ack);
        Send(Frames.Syn);
        Send(Frames.Ack);
        Assert.InRange(Left(), Lifetimes.OpeningLifetime + 1, Lifetimes.TcpLifetime);
    }

    private void Proxied()
    {
        _node.StartProxy();
        L7(on: true);
        Send(Frames.Syn).GivenToProxy(Egress);
        Answer(Frames.Syn | Frames.Ack);
        Send(Frames.Ack).GivenToProxy(Egress);
    }

    private void L7(bool on) => _node.Service($"{Vip}:80", Frames.Tcp, model => model with { L7 = on }, $"{Remote}:8080");

    private Outcome Send(int flags) => _node.FromContainer(Frames.TcpSegment(Pod, 1000, Vip, 80, (byte)flags));

    private void Answer(int flags) => _node.ToContainer(Frames.TcpSegment(Vip, 80, Pod, 1000, (byte)flags), Answers).Passed(PassReason.Stack, Ingress);

    // Seconds that its entry has left: the programs' clock is this one's.
    private long Left() => Assert.Single(_node.Connections.Read(), entry => entry.Key.Scope == Scope.Service).Value.Expires - (TimeProvider.System.GetTimestamp() / TimeProvider.System.TimestampFrequency);
}
