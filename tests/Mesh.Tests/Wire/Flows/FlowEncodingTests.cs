using ClusterMesh.Mesh.Wire.Flows;
using Google.Protobuf;
using Messages = ClusterMesh.Mesh.Wire.Protos;

namespace ClusterMesh.Mesh.Tests.Wire.Flows;

/// <summary>What a broken or hostile proxy may send.</summary>
public sealed class FlowEncodingTests
{
    [Fact]
    public void Decode_WithoutAddresses_IsLeftOutAndCounted()
    {
        var good = FlowEncoding.Encode(Sample.Flow);
        var bad = FlowEncoding.Encode(Sample.Flow);
        bad.Kind.Source = ByteString.CopyFrom(1, 2, 3);
        var report = FlowEncoding.Decode(new() { Flows = { good, bad, new Messages.RequestFlow() }, Counts = { new Messages.RequestCount { Count = 3 } }, Lost = 4, Limited = -1 });
        Assert.Equal(Sample.Flow, Assert.Single(report.Flows));
        Assert.Equal((0, 0, 9), (report.Counts.Length, report.Limited, report.Lost));
    }

    [Fact]
    public void Decode_OfNumbersBeyondReason_StaysWithinIt()
    {
        var flow = FlowEncoding.Encode(Sample.Flow);
        (flow.SourcePort, flow.AskedPort, flow.Kind.Status, flow.LatencyMicroseconds, flow.Time, flow.Attempts) = (70_000, -1, int.MaxValue, long.MaxValue, long.MinValue, -1);
        var counts = new[] { long.MaxValue, -5 }.Select(count => new Messages.RequestCount { Kind = flow.Kind, Count = count, LatencyMicroseconds = long.MinValue });
        var report = FlowEncoding.Decode(new() { Flows = { flow }, Counts = { counts } });
        var read = Assert.Single(report.Flows);
        Assert.Equal((0, 0, 999, DateTimeOffset.UnixEpoch, 0), (read.SourcePort, read.Asked.Port, read.Kind.Status, read.Time, read.Attempts));
        Assert.Equal(TimeSpan.FromDays(365), read.Latency);
        Assert.Equal((FlowEncoding.MostCounted, TimeSpan.Zero), (Assert.Single(report.Counts).Count, report.Counts[0].Latency));
        Assert.Equal(1_000_000_000_000 - FlowEncoding.MostCounted, report.Lost);
    }

    /// <summary>The agent works for each of them, and nobody else is served meanwhile.</summary>
    [Fact]
    public void Decode_ManyCountsThatAreTooMuchTogether_TakesWhatOneReportMayAndLosesTheRest()
    {
        var one = new Messages.RequestCount { Kind = FlowEncoding.Encode(Sample.Flow).Kind, Count = 60_000, LatencyMicroseconds = 60_000_000 };
        var report = FlowEncoding.Decode(new() { Counts = { one, one, one } });
        Assert.Equal([(60_000, 60.0), (40_000, 40.0)], report.Counts.Select(count => (count.Count, count.Latency.TotalSeconds)));
        Assert.Equal(80_000, report.Lost);
    }

    [Fact]
    public void Decode_MoreCountsThanAReporterHas_LosesTheRest()
    {
        var one = new Messages.RequestCount { Kind = FlowEncoding.Encode(Sample.Flow).Kind, Count = 2 };
        var report = FlowEncoding.Decode(new() { Counts = { Enumerable.Repeat(one, RequestCounts.Most + 5) } });
        Assert.Equal((RequestCounts.Most, 10), (report.Counts.Length, report.Lost));
    }

    [Fact]
    public void Decode_OfLongText_CutsItBetweenCharacters()
    {
        var read = Assert.Single(FlowEncoding.Decode(new() { Flows = { FlowEncoding.Encode(Sample.Flow with { Path = new string('x', 511) + "😀😀" }) } }).Flows);
        Assert.Equal(new string('x', 511), read.Path);
    }
}
