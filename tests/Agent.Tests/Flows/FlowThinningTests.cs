using ClusterMesh.Agent.Flows;
using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Agent.Tests.Flows;

public sealed class FlowThinningTests
{
    private readonly List<FlowLine> _lines = [];

    [Fact]
    public void Drops_OfOneKind_AreShownOnceThenOnceASecondWithTheirNumber()
    {
        var thinning = new FlowThinning();
        for (ushort port = 1000; port < 1500; port++) thinning.Take(Told.Drop(sourcePort: port), _lines);
        Assert.Equal(1, Assert.Single(_lines).Count);
        Assert.Equal(0, thinning.Tick(TimeSpan.FromSeconds(1), _lines));
        Assert.Equal((499, 499, 499 * 60), (_lines[^1].Count, _lines[^1].Packets, _lines[^1].Bytes));
        Assert.Equal(1499, _lines[^1].Event.SourcePort);

        // It goes on: not shown singly any more.
        thinning.Take(Told.Drop(), _lines);
        thinning.Take(Told.Drop(), _lines);
        thinning.Tick(TimeSpan.FromSeconds(2), _lines);
        Assert.Equal([1, 499, 2], _lines.Select(line => line.Count));
    }

    [Fact]
    public void Drop_AfterASecondOfSilence_IsShownAtOnce()
    {
        var thinning = new FlowThinning();
        thinning.Take(Told.Drop(), _lines);
        thinning.Tick(TimeSpan.FromSeconds(1), _lines);
        thinning.Take(Told.Drop(), _lines);
        Assert.Equal(2, _lines.Count);
    }

    [Fact]
    public void Drops_OfOtherKinds_AreLinesOfTheirOwn()
    {
        var thinning = new FlowThinning();
        thinning.Take(Told.Drop(), _lines);
        thinning.Take(Told.Drop(source: "10.1.0.6"), _lines);
        thinning.Take(Told.Drop(port: 81), _lines);
        thinning.Take(Told.Drop(reason: DropReason.PolicyDeny), _lines);
        Assert.Equal(4, _lines.Count);
    }

    [Fact]
    public void Connections_OfOneSecond_AreShownOneByOneUpToTheBudgetThenEveryHundredth()
    {
        var thinning = new FlowThinning(linesPerSecond: 1000);
        for (var i = 0; i < 51_000; i++) thinning.Take(Told.Connection(), _lines);
        Assert.Equal(1500, _lines.Count);
        Assert.Equal(49_500, thinning.Tick(TimeSpan.FromSeconds(1), _lines));
        thinning.Take(Told.Connection(), _lines);
        Assert.Equal(1501, _lines.Count);
        Assert.Equal(0, thinning.Tick(TimeSpan.FromSeconds(2), _lines));
    }

    [Fact]
    public void Drops_OfEndlessKinds_AreBoundedAndCounted()
    {
        var thinning = new FlowThinning(kindsOfDrops: 100);
        for (var i = 0; i < 20_000; i++) thinning.Take(Told.Drop(source: $"10.9.{i >> 8 & 255}.{i & 255}"), _lines);
        Assert.Equal(100, _lines.Count);
        Assert.Equal(19_900, thinning.Tick(TimeSpan.FromSeconds(1), _lines));
        Assert.Equal(100, _lines.Count);
        // There is room again.
        thinning.Take(Told.Drop(), _lines);
        Assert.Equal(101, _lines.Count);
    }

    [Fact]
    public void Tick_BeforeTheSecondIsOver_TellsNothing()
    {
        var thinning = new FlowThinning();
        thinning.Take(Told.Drop(), _lines);
        thinning.Take(Told.Drop(), _lines);
        thinning.Tick(TimeSpan.FromSeconds(0.9), _lines);
        Assert.Single(_lines);
    }
}
