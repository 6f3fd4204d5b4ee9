using ClusterMesh.Tests;
using ClusterMesh.Agent.Flows;
using ClusterMesh.Agent.Tests.LoadBalancing;
using ClusterMesh.Bpf.Contract;
using Microsoft.Extensions.Logging.Abstractions;
using static ClusterMesh.Agent.Tests.Flows.Told;

namespace ClusterMesh.Agent.Tests.Flows;

public sealed class SweptEndsTests
{
    private readonly BootTime _time = new();
    private readonly SweptEnds _ends;

    public SweptEndsTests() => _ends = new(address => address == Ip("10.1.0.5") ? XWing : 0, _time);

    [Fact]
    public void Take_OfWhatAPodOpened_IsToldAsItWasOpened()
    {
        _ends.Add([Connection(Scope.Egress, "10.1.0.5", "10.2.0.7", RebelBase)]);
        var flow = KernelEvents.Read(Assert.Single(_ends.Take()))!.Value;
        Assert.Equal((FlowType.End, Ip("10.1.0.5"), Ip("10.2.0.7"), Direction.Egress), (flow.Type, flow.Source, flow.Destination, flow.Direction));
        Assert.Equal((XWing, RebelBase, 5L, 500L, 3u), (flow.SourceIdentity, flow.DestinationIdentity, flow.Packets, flow.Bytes, flow.Service));
        Assert.Equal((41_000, 53, 17, TimeSpan.FromHours(5)), (flow.SourcePort, flow.DestinationPort, flow.Protocol, flow.Time));
        Assert.Empty(_ends.Take());
    }

    [Fact]
    public void Take_OfWhatAPodWasAsked_HasThePeerAsItsSource()
    {
        _ends.Add([Connection(Scope.Ingress, "10.2.0.7", "10.1.0.5", RebelBase)]);
        var end = Assert.Single(_ends.Take());
        Assert.Equal((RebelBase, XWing, Direction.Ingress), (end.SourceIdentity, end.DestinationIdentity, end.Direction));
    }

    [Fact]
    public void Add_MoreThanFit_KeepsTheFirstAndCountsTheOthers()
    {
        var ended = Enumerable.Repeat(Connection(Scope.Egress, "10.1.0.5", "10.2.0.7", RebelBase), SweptEnds.Most - 10).ToList();
        _ends.Add(ended);
        _ends.Add(ended);
        Assert.Equal(SweptEnds.Most - 20, _ends.Lost);
        Assert.Equal(SweptEnds.Most, _ends.Take().Count);
        _ends.Add(ended);
        Assert.Equal(SweptEnds.Most - 10, _ends.Take().Count);
    }

    [KernelFact]
    public void Sweep_OfTheKernelsMap_ComesOutOfTheEvents()
    {
        using var kernel = Bpf.Datapath.Load(new(), NullLogger.Instance);
        kernel.Endpoints.Update(Ip("10.1.0.5"), new() { Id = 1, Identity = XWing });
        kernel.Ipcache.Update(new(System.Net.IPNetwork.Parse("10.2.0.0/16")), new() { Identity = RebelBase });
        var ends = new SweptEnds(address => KernelEvents.IdentityOf(kernel, address), TimeProvider.System);
        var source = KernelEvents.Open(kernel, ends);
        using var ring = source.Ring;
        foreach (var (key, connection) in new[] { Connection(Scope.Egress, "10.1.0.5", "10.2.0.7", 9), Connection(Scope.Ingress, "192.0.2.1", "10.2.0.7", 9), Connection(Scope.Service, "10.1.0.5", "10.96.0.1", 0) })
            kernel.Connections.Update(key, connection);
        var swept = kernel.SweepConnections();
        Assert.Equal((3, 2), (swept.Deleted, swept.Ended.Count));
        ends.Add(swept.Ended);
        Assert.Equal(
            [(XWing, 9u), (9u, RebelBase)], source.Poll(TimeSpan.Zero).OrderByDescending(end => end.Direction).Select(end => (end.SourceIdentity, end.DestinationIdentity)));
        Assert.Equal(2u, KernelEvents.IdentityOf(kernel, Ip("192.0.2.1")));
    }

    private static KeyValuePair<ConnectionKey, Connection> Connection(Scope scope, string from, string to, uint peer) => new(
        new() { Source = Ip(from), Destination = Ip(to), SourcePort = new(41_000), DestinationPort = new(53), Protocol = 17, Scope = scope },
        new() { Expires = 1, PeerIdentity = peer, Packets = 3, Bytes = 300, ReplyPackets = 2, ReplyBytes = 200, Service = scope == Scope.Egress ? 3u : 0 });
}
