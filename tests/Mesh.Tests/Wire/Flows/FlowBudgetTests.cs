using ClusterMesh.Mesh.Wire.Flows;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Wire.Flows;

public sealed class FlowBudgetTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void TryTake_MoreThanThereIs_IsRefusedUntilTheNextSecond()
    {
        var budget = new FlowBudget(3, 2, _time);
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => budget.TryTake(isError: false)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(budget.TryTake(isError: false));
    }

    [Fact]
    public void TryTake_ErrorsAmongTooMuch_StillHaveTheirOwn()
    {
        var budget = new FlowBudget(3, 2, _time);
        for (var i = 0; i < 10; i++) budget.TryTake(isError: false);
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => budget.TryTake(isError: true)));
    }

    [Fact]
    public void TryTake_NothingButErrors_HaveAll()
    {
        var budget = new FlowBudget(3, 2, _time);
        Assert.Equal([true, true, true, true, true, false], Enumerable.Range(0, 6).Select(_ => budget.TryTake(isError: true)));
    }

    [Fact]
    public void Counts_OfMoreKindsThanThereIsRoomFor_RefuseTheRest()
    {
        var counts = new RequestCounts();
        for (var i = 0; i < RequestCounts.Most; i++) Assert.True(counts.TryAdd(Sample.Kind with { SourceIdentity = (uint)i }, TimeSpan.Zero));
        Assert.False(counts.TryAdd(Sample.Kind with { SourceIdentity = uint.MaxValue }, TimeSpan.Zero));
        Assert.True(counts.TryAdd(Sample.Kind with { SourceIdentity = 5 }, TimeSpan.Zero));
        Assert.Equal(RequestCounts.Most + 1, counts.Take(long.MaxValue).Sum(count => count.Count));
        Assert.True(counts.IsEmpty);
    }

    [Fact]
    public void Counts_OfMoreThanIsTaken_KeepTheRestForTheNextTime()
    {
        var counts = new RequestCounts();
        for (var i = 0; i < 10; i++) counts.TryAdd(Sample.Kind with { Status = i < 6 ? 200 : 503 }, TimeSpan.FromMilliseconds(2));
        (int, long, double)[] Take() => [.. counts.Take(4).Select(count => (count.Kind.Status, count.Count, count.Latency.TotalMilliseconds))];
        Assert.Equal([(200, 4L, 8.0)], Take());
        Assert.Equal([(200, 2L, 4.0), (503, 2L, 4.0)], Take());
        Assert.False(counts.IsEmpty);
        Assert.Equal([(503, 2L, 4.0)], Take());
        Assert.True(counts.IsEmpty);
    }
}
