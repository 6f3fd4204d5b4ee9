using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Record.Metrics;
using ClusterMesh.Tests;

namespace ClusterMesh.Proxy.Tests.Record;

public sealed class SeriesTests
{
    private static readonly long[] s_bounds = RequestSeries.BoundsIn(new FakeTime());

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.005, 0)]
    [InlineData(0.0050001, 1)]
    [InlineData(1, 9)]
    [InlineData(10, 13)]
    [InlineData(10.1, 14)]
    [InlineData(100_000, 14)]
    public void Add_Duration_GoesToTheFirstBucketThatHoldsIt(double seconds, int bucket)
    {
        var series = new RequestSeries();
        series.Add((long)(seconds * TimeSpan.TicksPerSecond), s_bounds);
        var reading = default(DurationReading);
        series.ReadInto(ref reading);
        for (var i = 0; i < RequestSeries.Buckets; i++) Assert.Equal(i == bucket ? 1 : 0, reading.Counts[i]);
        Assert.Equal((long)(seconds * TimeSpan.TicksPerSecond), reading.Ticks);
    }

    [Fact]
    public async Task Add_FromManyThreads_LosesNothing()
    {
        var route = new RouteSeries();
        var key = new RequestKey(1, 200, 0, 0, default, null, null);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++) route.Request(key).Add(3, s_bounds);
        })));
        var reading = default(DurationReading);
        Assert.Single(route.Requests).Value.ReadInto(ref reading);
        Assert.Equal((80_000, 240_000), (reading.Counts[0], reading.Ticks));
    }

    [Fact]
    public void Number_SameTargetAgain_IsTheSame()
    {
        var series = new RouteSeries();
        var (primary, canary) = (Target("web"), Target("web-canary") with { Canary = new("default", "web-canary") });
        Assert.Equal(1, series.Number("default/web:80", primary));
        Assert.Equal(2, series.Number("default/web-canary:80", canary));
        Assert.Equal(1, series.Number("default/web:80", primary with { Weight = 5 }));
        Assert.Equal("", series.Target(1).Canary);
        Assert.Equal("default-web-canary-80", series.Target(2).Canary);
    }

    [Fact]
    public void Number_CanaryTurnsPrimary_IsAnotherSeries()
    {
        var series = new RouteSeries();
        var canary = series.Number("default/web:80", Target("web") with { Canary = new("default", "c") });
        Assert.NotEqual(canary, series.Number("default/web:80", Target("web")));
    }

    [Fact]
    public void Number_MoreTargetsThanFit_ShareNone()
    {
        var series = new RouteSeries();
        for (var i = 1; i < 1 << RouteSeries.TargetBits; i++) Assert.Equal(i, series.Number($"n{i}", Target($"n{i}")));
        Assert.Equal(0, series.Number("one more", Target("more")));
    }

    [Fact]
    public void ClusterNumbers_Names_AreKept()
    {
        var number = ClusterNumbers.Of("series-tests");
        Assert.Equal(number, ClusterNumbers.Of("series-tests"));
        Assert.Equal("series-tests", ClusterNumbers.Name(number));
        Assert.Equal(0, ClusterNumbers.Of(""));
    }

    private static TargetModel Target(string name) => new(new ObjectKey("default", name), 80, 1);
}
