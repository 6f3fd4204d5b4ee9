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
        var report = FlowEncoding.Decode(new() { Flows = { good, bad, new Messages.RequestFlow() }, Counts = { new Messages.RequestCount() }, Lost = 4, Limited = -1 });
        Assert.Equal(Sample.Flow, Assert.Single(report.Flows));
        Assert.Equal((0, 0, 6), (report.Counts.Length, report.Limited, report.Lost));
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
        Assert.Equal((1_000_000, TimeSpan.Zero), (Assert.Single(report.Counts).Count, report.Counts[0].Latency));
    }

    [Fact]
    public void Decode_OfLongText_CutsItBetweenCharacters()
    {
        var read = Assert.Single(FlowEncoding.Decode(new() { Flows = { FlowEncoding.Encode(Sample.Flow with { Path = new string('x', 511) + "😀😀" }) } }).Flows);
        Assert.Equal(new string('x', 511), read.Path);
    }
}
