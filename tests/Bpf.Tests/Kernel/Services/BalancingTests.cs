using ClusterMesh.Tests;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Services;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Kernel.Services;

/// <summary>Which backend a connection gets, and for how long.</summary>
public sealed class BalancingTests : IClassFixture<Programs>
{
    private const string Pod = "10.1.1.11", Other = "10.1.1.12", Vip = "10.96.0.1", A = "10.1.2.11:8080", B = "10.1.2.12:8080", C = "10.1.2.13:8080";
    private readonly Programs _node;

    public BalancingTests(Programs node)
    {
        (_node = node).Clear();
        if (KernelRing.Missing is not null) return;
        node.Pod(Pod, 11, 0x10100);
        node.Pod(Other, 12, 0x10100);
        node.Peer("10.1.2.0/24", 0x20300, "192.168.50.2");
    }

    [KernelTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Picks_OverManyConnections_FollowTheWeights(bool random)
    {
        Service(model => model with { Random = random }, $"{A}=75", $"{B}=25");
        var picks = Enumerable.Range(0, 4000).Select(i => Syn((ushort)(1024 + i), sequence: (uint)i * 7919)).CountBy(backend => backend).ToDictionary();
        Assert.InRange(picks[A], 2850, 3150);
        Assert.Equal(4000, picks[A] + picks[B]);
    }

    [KernelFact]
    public void Maglev_OfOneTuple_IsTheSameEveryTime()
    {
        Service(A, B, C);
        Assert.Single(Enumerable.Range(0, 20).Select(i => Syn(1000, sequence: (uint)i)).Distinct());
    }

    [KernelFact]
    public void Maglev_OneBackendGone_TheOthersKeepTheirClients()
    {
        Service(A, B, C);
        var before = Enumerable.Range(0, 1000).ToDictionary(i => i, i => Syn((ushort)(1024 + i)));
        Service(A, C);
        Assert.InRange(before.Count(pick => pick.Value != B && Syn((ushort)(1024 + pick.Key)) != pick.Value), 0, 150);
    }

    [KernelFact]
    public void Random_SynSentAgain_GoesToTheSameBackend()
    {
        Service(model => model with { Random = true }, A, B, C);
        Assert.All(Enumerable.Range(0, 50), i => Assert.Equal(Syn(1000, sequence: (uint)i * 7919), Syn(1000, sequence: (uint)i * 7919)));
        Assert.Equal(3, Enumerable.Range(0, 100).Select(i => Syn(1000, sequence: (uint)i * 7919)).Distinct().Count());
    }

    [KernelFact]
    public void Random_Datagrams_StayWithTheirBackend()
    {
        _node.Service($"{Vip}:80", Frames.Udp, model => model with { Random = true }, A, B, C);
        Assert.Single(Enumerable.Range(0, 20).Select(_ => Datagram(1000)).Distinct());
        Assert.Equal(3, Enumerable.Range(0, 100).Select(i => Datagram((ushort)(2000 + i))).Distinct().Count());
    }

    [KernelFact]
    public void FreshSyn_OnAnOldConnection_IsGivenABackendAnew()
    {
        Service(A);
        Syn(1000);
        Service($"{A} draining", B);
        Assert.Equal(A, Segment(1000, Frames.Ack));
        Assert.Equal(B, Syn(1000));
        Assert.Equal(B, Segment(1000, Frames.Ack));
    }

    [KernelFact]
    public void Draining_Backend_KeepsItsConnectionsAndGetsNoNewOnes()
    {
        Service(A);
        Syn(1000);
        Service($"{A} draining", B);
        Assert.Equal((A, B), (Segment(1000, Frames.Ack), Syn(1001)));
        Service(A, B);
        Assert.Contains(A, Enumerable.Range(0, 100).Select(i => Syn((ushort)(2000 + i))));
    }

    [KernelFact]
    public void Removed_Backend_ItsConnectionsGoElsewhere()
    {
        Service(A);
        _node.Service($"{Vip}:80", Frames.Udp, A);
        Syn(1000);
        Datagram(1000);
        Service(B);
        _node.Service($"{Vip}:80", Frames.Udp, B);
        Assert.Equal((B, B), (Segment(1000, Frames.Ack), Datagram(1000)));
    }

    [KernelFact]
    public void Removed_LastBackend_NobodyIsThere()
    {
        Service(A);
        Syn(1000);
        Service();
        _node.FromContainer(Frames.TcpSegment(Pod, 1000, Vip, 80, Frames.Ack)).Dropped(DropReason.NoService, Egress);
        Service($"{A} draining");
        _node.FromContainer(Frames.TcpSegment(Pod, 1001, Vip, 80, Frames.Ack)).Dropped(DropReason.NoService, Egress);
    }

    [KernelFact]
    public void Backend_ThatCameBack_IsNotTakenForTheOldOne()
    {
        Service(A);
        Syn(1000);
        Service(B);
        Service(A, B);
        // The old connection's backend is gone for good; which one it gets now is the table's choice.
        Assert.Equal(Syn(1000), Segment(1000, Frames.Ack));
    }

    [KernelFact]
    public void Affinity_OfAClient_HoldsOverPortsUntilItsTimeIsOver()
    {
        Service(model => model with { Affinity = TimeSpan.FromHours(3) }, A, B, C);
        var mine = Assert.Single(Enumerable.Range(0, 50).Select(i => Syn((ushort)(1000 + i))).Distinct());
        // Where the client was before, whatever the table says.
        var entry = Assert.Single(_node.Affinities.Read());
        var other = _node.Backends.Read().First(backend => $"{backend.Value.Address}:8080" != mine);
        _node.Affinities.Update(entry.Key, entry.Value with { Backend = other.Key });
        Assert.Equal($"{other.Value.Address}:8080", Syn(2000));
        _node.Affinities.Update(entry.Key, new() { Backend = other.Key, Used = entry.Value.Used - 10_801 });
        Assert.Equal(mine, Syn(2001));
    }

    [KernelFact]
    public void Affinity_ToABackendThatDrainsOrIsGone_EndsAtTheNextConnection()
    {
        Service(model => model with { Affinity = TimeSpan.FromHours(3) }, A);
        Syn(1000);
        Service(model => model with { Affinity = TimeSpan.FromHours(3) }, $"{A} draining", B);
        Assert.Equal((A, B), (Segment(1000, Frames.Ack), Syn(1001)));
        Service(model => model with { Affinity = TimeSpan.FromHours(3) }, C);
        Assert.Equal(C, Syn(1002));
    }

    [KernelFact]
    public void Affinity_OfOneFrontend_IsNotAnothers()
    {
        Service(model => model with { Affinity = TimeSpan.FromHours(3) }, A);
        _node.Service($"{Vip}:81", Frames.Tcp, model => model with { Affinity = TimeSpan.FromHours(3) }, B);
        Assert.Equal(A, Syn(1000));
        Assert.Equal(B, Backend(Frames.TcpSegment(Pod, 1000, Vip, 81, Frames.Syn)));
    }

    private void Service(params string[] backends) => _node.Service($"{Vip}:80", Frames.Tcp, backends);

    private void Service(Func<FrontendModel, FrontendModel> with, params string[] backends) => _node.Service($"{Vip}:80", Frames.Tcp, with, backends);

    private string Syn(ushort port, uint sequence = 0) => Segment(port, Frames.Syn, sequence);

    private string Segment(ushort port, byte flags, uint sequence = 0) => Backend(Frames.TcpSegment(Pod, port, Vip, 80, flags, sequence));

    private string Datagram(ushort port) => Backend(Frames.UdpDatagram(Pod, port, Vip, 80));

    private string Backend(byte[] frame) => _node.SentAs(frame).Split(' ')[2];
}
