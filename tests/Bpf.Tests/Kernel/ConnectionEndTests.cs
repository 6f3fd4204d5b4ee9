using ClusterMesh.Tests;
using ClusterMesh.Bpf.Connections;
using ClusterMesh.Bpf.Contract;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Kernel;

/// <summary>How connections end, what is told of them, and how much.</summary>
public sealed class ConnectionEndTests : IClassFixture<Programs>
{
    private const string Pod = "10.1.1.11", Remote = "10.1.2.11", RemoteNode = "192.168.50.2", Vip = "10.96.0.1";
    private readonly Programs _node;

    public ConnectionEndTests(Programs node)
    {
        (_node = node).Clear();
        if (KernelRing.Missing is not null) return;
        node.Pod(Pod, 11, 0x10100);
        node.Peer($"{Remote}/32", 0x20300, RemoteNode);
        node.Node(RemoteNode, 2);
        node.Service($"{Vip}:80", Frames.Tcp, $"{Remote}:8080");
    }

    [KernelTheory]
    [InlineData(Frames.Rst, 3)]
    [InlineData(Frames.Fin | Frames.Ack, 4)]
    public void End_OfAConnection_IsToldOnceAsItWasOpenedWithWhatWentBothWays(byte last, int packets)
    {
        using var events = _node.OpenEvents();
        Send(Frames.Syn);
        Receive(Frames.Syn | Frames.Ack);
        events.Poll(TimeSpan.Zero);
        Send(last);
        if (last != Frames.Rst) Receive(last);
        Send(Frames.Ack);
        var seen = Assert.Single(events.Poll(TimeSpan.FromSeconds(5)));
        Assert.Equal(
            (EventType.End, Pod, 1000, Remote, 8080, Egress, 0x10100u, 0x20300u),
            (seen.Type, seen.Source.ToString(), (int)seen.SourcePort.Value, seen.Destination.ToString(), (int)seen.DestinationPort.Value, seen.Direction, seen.SourceIdentity, seen.DestinationIdentity));
        Assert.Equal(((ulong)packets, (ulong)packets * 54, true), (seen.Packets, seen.Bytes, _node.Services.TryFind(seen.Service, out _)));
    }

    [KernelFact]
    public void Sweep_ByState_CountsTheLiveAndDeletesTheExpired()
    {
        Send(Frames.Syn);
        Receive(Frames.Syn | Frames.Ack);
        Send(Frames.Syn, 1001);
        _node.FromContainer(Frames.UdpDatagram(Pod, 1002, Remote, 53));
        _node.FromContainer(Frames.UdpDatagram(Pod, 1003, Remote, 53));
        var old = _node.Connections.Read().Single(connection => connection.Key.SourcePort.Value == 1003);
        _node.Connections.Update(old.Key, old.Value with { Expires = 1 });

        var sweep = new ConnectionSweeper(_node.Connections, TimeProvider.System).Sweep();
        Assert.Equal(
            (1, 1, 0, 1, 2),
            (sweep.Live[ConnectionState.Opening], sweep.Live[ConnectionState.Established], sweep.Live[ConnectionState.Closing], sweep.Live[ConnectionState.Other], sweep.Live[ConnectionState.Service]));
        var ended = Assert.Single(sweep.Ended);
        Assert.Equal((1003, 1ul, 1), (ended.Key.SourcePort.Value, ended.Value.Packets, sweep.Deleted));
        Assert.DoesNotContain(_node.Connections.Read(), connection => connection.Key.SourcePort.Value == 1003);
    }

    [KernelFact]
    public void Sweep_OfWhatWasToldAlready_TellsNothing()
    {
        Send(Frames.Syn);
        Send(Frames.Rst);
        foreach (var (key, connection) in _node.Connections.Read()) _node.Connections.Update(key, connection with { Expires = 1 });
        var sweep = new ConnectionSweeper(_node.Connections, TimeProvider.System).Sweep();
        Assert.Equal((0, 2), (sweep.Ended.Count, sweep.Deleted));
        Assert.Empty(_node.Connections.Read());
    }

    [KernelFact]
    public void Drops_MoreThanTheLimit_AreCountedAndNotTold()
    {
        using var loaded = Programs.Load(new Settings { DropEventLimit = 10 });
        using var events = new Maps.EventRing(loaded.Map("events"));
        // On one CPU within one second, or over the edges of both.
        TestRun.Run(loaded.Program("container_entry", "container_entry"), Frames.UdpDatagram(Pod, 1, Remote, 2), repeat: 1000);
        var told = events.Poll(TimeSpan.FromSeconds(5)).Count;
        var metrics = new Maps.Metrics(loaded.Map("metrics"));
        Assert.InRange(told, 10, 100);
        Assert.Equal((1000ul, 1000ul - (ulong)told), (metrics.Of(DropReason.InvalidSource, Egress).Packets, metrics.Of(PassReason.LimitedEvent, Egress).Packets));
    }

    private void Send(byte flags, ushort port = 1000) => _node.FromContainer(Frames.TcpSegment(Pod, port, Vip, 80, flags));

    private void Receive(byte flags) => _node.FromOverlay(Frames.TcpSegment(Remote, 8080, Pod, 1000, flags), 0x20300, RemoteNode);
}
