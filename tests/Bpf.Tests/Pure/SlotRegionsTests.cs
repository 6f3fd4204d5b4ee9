using ClusterMesh.Bpf.Services;
using ClusterMesh.Tests;

namespace ClusterMesh.Bpf.Tests.Pure;

public sealed class SlotRegionsTests
{
    [Fact]
    public void Regions_GivenBackInAnyOrder_GrowTogetherAgain()
    {
        var regions = new SlotRegions(new(1, 1000), []);
        var taken = Enumerable.Range(0, 10).Select(_ => Take(regions, 100)).ToArray();
        Assert.Equal(10, taken.Select(region => region.Start).Distinct().Count());
        Assert.False(regions.TryTake(1, out _));
        foreach (var at in new[] { 3, 5, 4, 0, 9, 8, 1, 2, 7, 6 }) regions.Give(taken[at]);
        Assert.Equal(new(1, 1000), Take(regions, 1000));
    }

    [Fact]
    public void Regions_AfterARestart_AreThoseBetweenTheUsedOnes()
    {
        var regions = new SlotRegions(new(1, 100), [new(51, 10), new(0, 0), new(11, 20)]);
        Assert.Equal(70, regions.Free);
        Assert.Equal([new(1, 10), new(31, 20), new(61, 40)], [Take(regions, 10), Take(regions, 20), Take(regions, 40)]);
    }

    [Fact]
    public void Regions_ThatFitBest_AreTakenFirst()
    {
        var regions = new SlotRegions(new(1, 1000), [new(100, 10), new(150, 10)]);
        Assert.Equal(new(110, 40), Take(regions, 40));
    }

    [Fact]
    public void RetiredRegion_WithinTheGrace_IsNotGivenAgain()
    {
        var time = new FakeTime();
        var regions = new SlotRegions(new(1, 100), []);
        var retired = new RetiredRegions(regions, time);
        retired.Add(Take(regions, 100));
        retired.Release();
        Assert.Equal(0, regions.Free);
        time.Advance(TimeSpan.FromSeconds(1));
        retired.Release();
        Assert.Equal(100, regions.Free);
    }

    private static SlotRegion Take(SlotRegions regions, int count)
    {
        Assert.True(regions.TryTake(count, out var region));
        return region;
    }
}
