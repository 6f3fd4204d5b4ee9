using ClusterMesh.Mesh.Publish.Sync;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Publish;

public sealed class WriteRateTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void Take_Bootstrap_LetsASecondsWorthThroughThenWaits()
    {
        var rate = new WriteRate(1000, 20, _time);

        for (var n = 0; n < 1000; n++) Assert.Equal(TimeSpan.Zero, rate.Take());
        Assert.Equal(TimeSpan.FromMilliseconds(1), rate.Take());
        Assert.Equal(TimeSpan.FromMilliseconds(2), rate.Take());
    }

    [Fact]
    public void Take_Settled_LetsThroughTheSteadyRate()
    {
        var rate = new WriteRate(1000, 20, _time);
        rate.Settle();

        for (var n = 0; n < 20; n++) Assert.Equal(TimeSpan.Zero, rate.Take());
        Assert.Equal(TimeSpan.FromMilliseconds(50), rate.Take());
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(TimeSpan.Zero, rate.Take());
        Assert.Equal(TimeSpan.FromMilliseconds(50), rate.Take());
    }

    [Fact]
    public void Take_LongIdle_SavesUpOneSecondOnly()
    {
        var rate = new WriteRate(1000, 20, _time);
        rate.Settle();
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(20, Enumerable.Range(0, 30).Count(_ => rate.Take() == TimeSpan.Zero));
    }

    [Fact]
    public void Bootstrap_AfterSettled_IsFastAgain()
    {
        var rate = new WriteRate(1000, 20, _time);
        rate.Settle();
        rate.Bootstrap();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1000, Enumerable.Range(0, 1100).Count(_ => rate.Take() == TimeSpan.Zero));
    }
}
