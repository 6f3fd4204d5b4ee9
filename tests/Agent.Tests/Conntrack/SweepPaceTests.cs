using ClusterMesh.Agent.Conntrack;

namespace ClusterMesh.Agent.Tests.Conntrack;

public sealed class SweepPaceTests
{
    [Theory]
    [InlineData(0, 60)]
    [InlineData(25_000, 32.5)]
    [InlineData(50_000, 5)]
    [InlineData(100_000, 5)]
    public void Next_TheFullerTheMap_TheSooner(int found, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), SweepPace.Next(found, 100_000, TimeSpan.FromMilliseconds(30)));

    [Theory]
    [InlineData(200, 20)]
    [InlineData(599, 59.9)]
    [InlineData(5000, 60)]
    public void Next_AfterASweepThatTookLong_RestsAHundredTimesAsLongButNoMoreThanAMinute(int milliseconds, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), SweepPace.Next(100_000, 100_000, TimeSpan.FromMilliseconds(milliseconds)));
}
