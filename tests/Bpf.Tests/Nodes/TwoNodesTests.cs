using System.Net;
using System.Net.Sockets;
using ClusterMesh.Bpf.Attaching;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Maps;
using ClusterMesh.Bpf.Tests.Lab;
using ClusterMesh.Tests;
using static ClusterMesh.Bpf.Contract.Direction;

namespace ClusterMesh.Bpf.Tests.Nodes;

/// <summary>Real pods and tunnels, in namespaces.</summary>
public sealed class TwoNodesTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    [KernelTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pods_OfOneNodeAndOfTwoClusters_ReachEachOther(bool clsact)
    {
        using var lab = new TwoNodes(clsact);
        var client = lab.First.Pods[0];
        foreach (var server in new[] { lab.First.Pods[1], lab.Second.Pods[0] })
        {
            using var pinger = new Pinger(client, server);
            await Eventually.TrueAsync(() => pinger.Answered >= 20, $"20 pings from {client.Ip} to {server.Ip}");
            Assert.Equal(0, await pinger.LostAsync());
            using var listener = server.ListenTcp(80);
            using var connection = await client.ConnectAsync(server, 80);
            await ExchangeAsync(connection, 200_000);
        }

        Assert.NotEqual(0ul, lab.Second.Datapath.Metrics.Of(PassReason.Local, Ingress).Packets);
        Assert.NotEqual(0ul, lab.First.Datapath.Metrics.Of(PassReason.Tunnel, Egress).Packets);
    }

    [KernelFact]
    public async Task Receiver_OfATunnelledConnection_SeesTheIdentityOfTheSender()
    {
        using var lab = new TwoNodes();
        var (client, server) = (lab.First.Pods[0], lab.Second.Pods[0]);
        using var events = lab.Second.Datapath.OpenEvents();
        using var listener = server.ListenTcp(80);
        using var connection = await client.ConnectAsync(server, 80);
        var opened = await SeenAsync(events, seen => seen.Type == EventType.Connection && seen.DestinationPort.Value == 80);
        Assert.Equal((client.Identity, server.Identity, client.Ip, server.Id), (opened.SourceIdentity, opened.DestinationIdentity, opened.Source.ToString(), opened.Endpoint));
        var kept = lab.Second.Datapath.Connections.Read().Single(entry => entry.Key.DestinationPort.Value == 80);
        Assert.Equal(client.Identity, kept.Value.PeerIdentity);
    }

    [KernelFact]
    public async Task Policy_ByTheIdentityOfARemotePod_LetsOneInAndCountsTheOther()
    {
        using var lab = new TwoNodes();
        var (allowed, denied, server) = (lab.First.Pods[0], lab.First.Pods[1], lab.Second.Pods[0]);
        lab.Second.Policy(server, EndpointFlags.IngressPolicy, Rules.Allow(Ingress, allowed.Identity, Frames.Tcp, 80));
        using var events = lab.Second.Datapath.OpenEvents();
        using var listener = server.ListenTcp(80);
        using var connection = await allowed.ConnectAsync(server, 80);
        await ExchangeAsync(connection, 1000);

        events.Poll(TimeSpan.Zero);
        var refused = Assert.ThrowsAnyAsync<OperationCanceledException>(() => denied.ConnectAsync(server, 80, seconds: 2));
        var drop = await SeenAsync(events, seen => seen.Type == EventType.Drop);
        Assert.Equal((byte)DropReason.Policy, drop.Reason);
        Assert.Equal((denied.Identity, denied.Ip, server.Id), (drop.SourceIdentity, drop.Source.ToString(), drop.Endpoint));
        Assert.NotEqual(0ul, lab.Second.Datapath.Metrics.Of(DropReason.Policy, Ingress).Packets);
        await refused;
        await ExchangeAsync(connection, 1000);
    }

    [KernelFact]
    public async Task Datagram_OfNineThousandBytes_ArrivesInOnePiece()
    {
        using var lab = new TwoNodes();
        var server = lab.Second.Pods[0];
        lab.Second.Policy(server, EndpointFlags.IngressPolicy, Rules.Allow(Ingress, 0, Frames.Udp, 5353));
        using var receiver = server.Socket(SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(server.Address, 5353));
        using var sender = lab.First.Pods[0].Socket(SocketType.Dgram, ProtocolType.Udp);
        await sender.SendToAsync(new byte[9000], new IPEndPoint(server.Address, 5353));
        using var timeout = new CancellationTokenSource(Long);
        Assert.Equal(9000, await receiver.ReceiveAsync(new byte[10_000], SocketFlags.None, timeout.Token));
    }

    [KernelFact]
    public async Task Node_ToItsPod_IsTheHost()
    {
        using var lab = new TwoNodes();
        var server = lab.Second.Pods[0];
        lab.Second.Policy(server, EndpointFlags.IngressPolicy | EndpointFlags.EgressPolicy, Rules.Allow(Ingress, 1));
        using var listener = server.ListenTcp(80);
        var host = new LabPod(lab.Second.Inner, 0, 1, lab.Second.Netns);
        using var connection = await host.ConnectAsync(server, 80);
        await ExchangeAsync(connection, 1000);
    }

    [KernelFact]
    public async Task Node_ToARemotePod_IsARemoteNode()
    {
        using var lab = new TwoNodes();
        var server = lab.Second.Pods[0];
        lab.Second.Policy(server, EndpointFlags.IngressPolicy | EndpointFlags.EgressPolicy, Rules.Allow(Ingress, 6));
        using var listener = server.ListenTcp(80);
        var host = new LabPod(lab.First.Inner, 0, 1, lab.First.Netns);
        using var connection = await host.ConnectAsync(server, 80);
        await ExchangeAsync(connection, 100_000);
    }

    [KernelTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Restart_OfTheAgentUnderTraffic_LosesNothing(bool clsact)
    {
        using var lab = new TwoNodes(clsact);
        var (client, server) = (lab.First.Pods[0], lab.Second.Pods[0]);
        using var listener = server.ListenTcp(80);
        using var connection = await client.ConnectAsync(server, 80);
        using var pinger = new Pinger(client, server);
        await Eventually.TrueAsync(() => pinger.Answered > 0, "the first ping");
        for (var restart = 0; restart < 5; restart++)
        {
            var answered = pinger.Answered;
            lab.First.RestartAgent();
            lab.Second.RestartAgent();
            await ExchangeAsync(connection, 10_000);
            await Eventually.TrueAsync(() => pinger.Answered > answered + 10, "pings go on");
        }

        Assert.Equal(0, await pinger.LostAsync());
        // The connection is the one from before the first restart: the maps are the same.
        Assert.Single(lab.Second.Datapath.Connections.Read(), entry => entry.Key.DestinationPort.Value == 80);
    }

    [KernelFact]
    public async Task Agent_Gone_ConnectionsNewAndOldGoOn()
    {
        using var lab = new TwoNodes();
        var (client, server) = (lab.First.Pods[0], lab.Second.Pods[0]);
        using var listener = server.ListenTcp(80);
        lab.First.Datapath.Dispose();
        lab.Second.Datapath.Dispose();
        using var connection = await client.ConnectAsync(server, 80);
        await ExchangeAsync(connection, 10_000);
    }

    [KernelFact]
    public void Detach_AndPrune_LeaveNoPinOfWhatIsGone()
    {
        using var lab = new TwoNodes();
        var node = lab.First;
        var kept = node.Netns.Ifindex(node.Pods[0].NodeInterface);
        node.Netns.Run($"link delete {node.Pods[1].NodeInterface}");
        Directory.CreateDirectory(Path.Combine(node.Pins, "v0"));
        node.Netns.In(() =>
        {
            node.Datapath.Detach(Hook.ToContainer, kept);
            node.Datapath.Detach(Hook.ToContainer, kept);
            node.Datapath.Prune();
            return 0;
        });
        Assert.Equal(
            [$"from_container-{kept}", $"from_overlay-{node.Netns.Ifindex("vx0")}", "lookup", $"to_overlay-{node.Netns.Ifindex("vx0")}"],
            Directory.GetFiles(Path.Combine(node.Pins, "links")).Select(path => Path.GetFileName(path) is var name && name.StartsWith("lookup-", StringComparison.Ordinal) ? "lookup" : name).Order());
        Assert.Equal(["links", "v1"], Directory.GetDirectories(node.Pins).Select(path => Path.GetFileName(path)).Order());
    }

    [KernelFact]
    public void Attach_ToAnInterfaceThatIsNotThere_SaysWhichAndKeepsTheOthers()
    {
        using var lab = new TwoNodes();
        var before = Directory.GetFiles(Path.Combine(lab.First.Pins, "links"));
        var error = Assert.Throws<BpfException>(() => lab.First.Netns.In(() =>
        {
            lab.First.Datapath.Attach(Hook.FromContainer, 99_999);
            return 0;
        }));
        Assert.Contains("attach from_container to interface 99999", error.Message);
        Assert.Equal(before, Directory.GetFiles(Path.Combine(lab.First.Pins, "links")));
    }

    private static async Task<Event> SeenAsync(EventRing events, Predicate<Event> wanted)
    {
        var seen = new List<Event>();
        await Eventually.TrueAsync(
            () =>
            {
                seen.AddRange(events.Poll(TimeSpan.Zero));
                return seen.Exists(wanted);
            },
            "the event");
        return seen.Find(wanted);
    }

    private static async Task ExchangeAsync(Socket connection, int bytes)
    {
        using var timeout = new CancellationTokenSource(Long);
        var sending = connection.SendAsync(new byte[bytes], timeout.Token).AsTask();
        var buffer = new byte[bytes];
        for (var received = 0; received < bytes;)
        {
            var count = await connection.ReceiveAsync(buffer, timeout.Token);
            Assert.NotEqual(0, count);
            received += count;
        }

        await sending;
    }
}
