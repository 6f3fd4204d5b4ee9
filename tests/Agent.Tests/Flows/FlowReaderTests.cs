using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Agent.Flows;
using ClusterMesh.Agent.Datapath;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Schema;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Status;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Agent.Tests.Flows;

/// <summary>From the kernel's events to what is shown.</summary>
public sealed class FlowReaderTests : IDisposable
{
    private static readonly ImmutableArray<RemoteObjects> s_east =
    [
        new("east", RemoteStatus.Configured(Told.Noon) with { ClusterId = 2 })
        {
            Ips = ImmutableDictionary<string, IpRecord>.Empty.Add("10.2.0.7", new() { IP = "10.2.0.7", ID = Told.RebelBase, K8sNamespace = "demo", K8sPodName = "rebel-base-0" }),
            Identities = ImmutableDictionary<uint, string>.Empty.Add(Told.RebelBase, "k8s:app=rebel-base;k8s:io.kubernetes.pod.namespace=demo;"),
            Nodes = ImmutableDictionary<string, NodeRecord>.Empty.Add("e1", new() { Name = "e1", IPAddresses = [new("InternalIP", "172.18.2.1")] }),
        },
    ];

    private readonly BootTime _time = new();
    private readonly FlowHistory _history;
    private readonly FlowMeter _meter = new();
    private readonly FlowReader _reader;
    private FlowWorld _world = new(
        "west", 1, null, s_east, new Dictionary<uint, string> { [Told.XWing] = "k8s:app=x-wing;" },
        new Dictionary<IPAddress, ObjectKey> { [IPAddress.Parse("10.1.0.5")] = new("demo", "x-wing-1") });
    private EventLosses _lost;

    public FlowReaderTests()
    {
        var writer = new FlowWriter("west/n1", _time);
        _history = new(writer, _ => { });
        _reader = new(new(_ => [], () => _lost, service => service == 3 ? new(IPAddress.Parse("10.96.0.1"), 80, 6) : null), new CurrentNames(() => _world, _time), _history, writer, _meter, _time, NullLogger.Instance);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Connection_FromHereToAnotherCluster_HasTheNamesOfBoth()
    {
        var flow = Assert.Single(Shown(Told.Event() with { Time = Kernel(ago: 0.5) }));
        Assert.Equal(_time.GetUtcNow() - TimeSpan.FromSeconds(0.5), flow.Time);
        Assert.Equal(("west/n1", "new-connection", "FORWARDED", "egress", "TCP"), (flow.Node, flow.Type, flow.Verdict, flow.Direction, flow.Protocol));
        Assert.Equal(("SYN", "TCP Flags: SYN", 1L, 60L), (flow.TcpFlags, flow.Summary, flow.Count, flow.Bytes));
        Assert.Equal(("10.1.0.5", 41_000, Told.XWing, "west", "demo", "x-wing-1"), Peer(flow.Source));
        Assert.Equal(("10.2.0.7", 80, Told.RebelBase, "east", "demo", "rebel-base-0"), Peer(flow.Destination));
        Assert.Equal(["k8s:app=rebel-base", "k8s:io.kubernetes.pod.namespace=demo"], flow.Destination.Labels);
        Assert.Equal(["k8s:app=x-wing"], flow.Source.Labels);
        Assert.Null(flow.Reason);
    }

    [Fact]
    public void Drop_ByPolicy_HasCiliumsWordsAndNumber()
    {
        var flow = Assert.Single(Shown(Told.Event(EventType.Drop) with { Direction = Direction.Ingress }));
        Assert.Equal(("drop", "DROPPED", "Policy denied", 133, "ingress"), (flow.Type, flow.Verdict, flow.Reason, flow.ReasonCode, flow.Direction));
    }

    [Fact]
    public void Peers_WithReservedIdentities_AreNamedByThem()
    {
        var flow = Assert.Single(Shown(Told.Event() with { Source = Told.Ip("192.0.2.1"), SourceIdentity = 2, Destination = Told.Ip("172.18.2.1"), DestinationIdentity = 6 }));
        Assert.Equal(("192.0.2.1", 41_000, 2u, null, null, null), Peer(flow.Source));
        Assert.Equal(["reserved:world"], flow.Source.Labels);
        Assert.Equal("east", flow.Destination.Cluster);
        Assert.Equal(["reserved:remote-node"], flow.Destination.Labels);
    }

    [Fact]
    public void Peer_WhoseIdentityIsNotKnownYet_IsFoundByItsAddress()
    {
        var flow = Assert.Single(Shown(Told.Event() with { DestinationIdentity = 0 }));
        Assert.Equal(("10.2.0.7", 80, 0u, "east", "demo", "rebel-base-0"), Peer(flow.Destination));
        Assert.Equal(["reserved:unknown"], flow.Destination.Labels);
    }

    [Fact]
    public void Names_ThatComeLater_AreUsedSoon()
    {
        Assert.Null(Shown(Told.Event() with { Source = Told.Ip("10.1.0.6") }).Single().Source.Pod);
        _world = _world with { Endpoints = new Dictionary<IPAddress, ObjectKey> { [IPAddress.Parse("10.1.0.6")] = new("demo", "y-wing") } };
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("y-wing", Shown(Told.Event() with { Source = Told.Ip("10.1.0.6") })[^1].Source.Pod);
    }

    [Fact]
    public void End_OfAConnectionToAService_HasTheServiceAndWhatWasCarried()
    {
        var service = new ServiceObject(new(new("demo", "rebel-base")), [new("http", 80)], "10.96.0.1");
        _world = _world with { Mesh = new(1, new("west") { Services = new Dictionary<ObjectKey, ServiceObject> { [service.Key] = service } }, ImmutableSortedDictionary<string, ClusterStatus>.Empty, ImmutableDictionary<ObjectKey, ServiceModel>.Empty, []) };
        _time.Advance(TimeSpan.FromSeconds(1));
        var flow = Shown(Told.Event(EventType.End) with { Service = 3, Packets = 12, Bytes = 3400 })[^1];
        Assert.Equal(("end", "FORWARDED", 12L, 3400L), (flow.Type, flow.Verdict, flow.Packets, flow.Bytes));
        Assert.Equal(new("demo", "rebel-base", "10.96.0.1:80"), flow.Service);
        Assert.Null(Shown(Told.Event() with { Service = 4 })[^1].Service);
    }

    [Fact]
    public void Ping_IsWrittenWithItsTypeAndWithoutPorts()
    {
        var flow = Assert.Single(Shown(Told.Event() with { Protocol = 1, IcmpType = 8, TcpFlags = 0, SourcePort = default, DestinationPort = default }));
        Assert.Equal(("ICMPv4", "ICMPv4 EchoRequest", null, 0), (flow.Protocol, flow.Summary, flow.TcpFlags, flow.Destination.Port));
    }

    [Fact]
    public void Events_ThatTheKernelCouldNotTell_AreToldOfAsLost()
    {
        _lost = new(5, 0);
        _time.Advance(TimeSpan.FromSeconds(1.5));
        var flow = Assert.Single(Shown());
        Assert.Equal(("lost-events", 5L), (flow.Type, flow.Count));
        Assert.Equal("5 events are not shown: the kernel's ring was full", flow.Summary);
    }

    [Fact]
    public void Event_OfAKindThatIsNotKnown_IsLeftOut() => Assert.Empty(Shown(Told.Event() with { Type = (EventType)99 }));

    [Fact]
    public void Flood_OfConnectionsAndDrops_IsShownInPartAndCounted()
    {
        Event[] flood = [.. Enumerable.Range(0, 200_000).Select(i => Told.Event(i % 2 == 0 ? EventType.Drop : EventType.Connection, (ushort)i) with { Source = Told.Ip($"10.9.{i >> 8 & 255}.{i & 255}") })];
        _reader.Turn(flood);
        _time.Advance(TimeSpan.FromSeconds(1.5));
        var shown = Shown();
        Assert.Equal(FlowHistory.Capacity, shown.Count);
        Assert.Equal("lost-events", shown[^1].Type);
        Assert.True(shown[^1].Count > 100_000);
    }

    [Theory]
    [InlineData(0x02, "SYN")]
    [InlineData(0x12, "SYN, ACK")]
    [InlineData(0x11, "ACK, FIN")]
    [InlineData(0x04, "RST")]
    public void TcpFlags_AreInHubblesWords(byte flags, string words) => Assert.Equal(words, ProtocolWords.Flags(6, flags));

    [Fact]
    public void DropReasons_OfTheContract_AllHaveWords() => Assert.All(Enum.GetValues<DropReason>(), reason => Assert.Contains(" ", DropReasonText.Of((byte)reason), StringComparison.Ordinal));

    private static (string, int, uint, string?, string?, string?) Peer(FlowPeer peer) => (peer.Ip, peer.Port, peer.Identity, peer.Cluster, peer.Namespace, peer.Pod);

    private List<FlowStatus> Shown(params Event[] events)
    {
        _reader.Turn(events);
        return _history.Read(FlowFilter.All);
    }

    private ulong Kernel(double ago) => (ulong)(_time.GetTimestamp() - (long)(ago * 1e9));
}
