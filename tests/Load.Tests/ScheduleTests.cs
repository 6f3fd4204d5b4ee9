using ClusterMesh.Load.Generator;

namespace ClusterMesh.Load.Tests;

public sealed class ScheduleTests
{
    private static readonly Schedule ThreePerSecond = new(Start: 1000, Frequency: 1_000_000_000, RatePerSecond: 3);

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(1, 333_334_333)]
    [InlineData(3, 1_000_001_000)]
    [InlineData(3_000_000_000, 1_000_000_000_000_001_000)]
    public void IntendedAt_OfAnIndex_DoesNotDrift(long index, long expected) => Assert.Equal(expected, ThreePerSecond.IntendedAt(index));

    [Theory]
    [InlineData(999, 0)]
    [InlineData(1000, 1)]
    [InlineData(333_334_332, 1)]
    [InlineData(333_334_334, 2)]
    [InlineData(1_000_001_000, 4)]
    public void DueAt_ATime_CountsWhatShouldHaveBeenSent(long now, long expected) => Assert.Equal(expected, ThreePerSecond.DueAt(now));

    [Fact]
    public void DueAt_AfterAStall_CatchesUpWithEveryMissedRequest()
    {
        var schedule = new Schedule(0, 1_000_000_000, 2000);

        Assert.Equal(2001, schedule.DueAt(1_000_000_000));
    }
}
