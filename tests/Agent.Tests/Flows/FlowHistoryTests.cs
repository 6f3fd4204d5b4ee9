using ClusterMesh.Agent.Flows;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Tests;

namespace ClusterMesh.Agent.Tests.Flows;

public sealed class FlowHistoryTests
{
    private readonly FlowHistory _history;
    private long _lost;

    public FlowHistoryTests() => _history = new(new("west/n1", new FakeTime()), count => _lost += count);

    [Fact]
    public void Read_MoreThanIsKept_GivesTheNewestOldestFirst()
    {
        for (var i = 0; i < 5000; i++) _history.Add(Numbered(i));
        var all = _history.Read(FlowFilter.All);
        Assert.Equal(Enumerable.Range(905, 4095), all.Select(flow => (int)flow.Bytes));
        Assert.Equal([4998, 4999], _history.Read(new() { Last = 2 }).Select(flow => flow.Bytes));
    }

    [Fact]
    public void Read_WithAFilter_CountsOnlyWhatFits()
    {
        for (var i = 0; i < 100; i++) _history.Add(Numbered(i) with { Verdict = i % 10 == 0 ? "DROPPED" : "FORWARDED" });
        Assert.Equal([80, 90], _history.Read(new() { Last = 2, Verdicts = ["DROPPED"] }).Select(flow => flow.Bytes));
    }

    [Fact]
    public async Task Follow_FromTheMiddle_GivesWhatWasAndWhatComesWithoutAGap()
    {
        for (var i = 0; i < 3; i++) _history.Add(Numbered(i));
        using var follower = _history.Follow(new() { Last = 2 })!;
        for (var i = 3; i < 6; i++) _history.Add(Numbered(i));
        Assert.Equal([1, 2, 3, 4, 5], (await TakeAsync(follower, 5)).Select(flow => flow.Bytes));
        Assert.Equal(1, _history.Followers);
        follower.Dispose();
        Assert.Equal(0, _history.Followers);
    }

    [Fact]
    public async Task Follow_TooSlowly_LosesAndIsTold()
    {
        using var follower = _history.Follow(new() { Last = 0, Verdicts = ["FORWARDED"] })!;
        for (var i = 0; i < FlowFollower.QueueLength + 7; i++) _history.Add(Numbered(i));
        var got = await TakeAsync(follower, FlowFollower.QueueLength + 1);
        Assert.Equal(("lost-events", 7L), (got[^1].Type, got[^1].Count));
        Assert.Equal("7 events are not shown: who follows is too slow", got[^1].Summary);
        Assert.Equal(7, _lost);
        Assert.Equal(FlowFollower.QueueLength - 1, got[^2].Bytes);
    }

    [Fact]
    public void Follow_ByTooMany_IsRefused()
    {
        for (var i = 0; i < FlowHistory.MostFollowers; i++) Assert.NotNull(_history.Follow(FlowFilter.All));
        Assert.Null(_history.Follow(FlowFilter.All));
    }

    private static FlowStatus Numbered(int number) => Told.Flow with { Bytes = number };

    private static async Task<List<FlowStatus>> TakeAsync(FlowFollower follower, int count)
    {
        var got = new List<FlowStatus>();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        await foreach (var batch in follower.ReadAsync(timeout.Token))
        {
            got.AddRange(batch);
            if (got.Count >= count) break;
        }

        return got;
    }
}
