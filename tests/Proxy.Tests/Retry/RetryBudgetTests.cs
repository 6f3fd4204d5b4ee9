using ClusterMesh.Proxy.Retry;
using ClusterMesh.Tests;

namespace ClusterMesh.Proxy.Tests.Retry;

public sealed class RetryBudgetTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void TryTake_WithoutRequests_AllowsTenASecond() => Assert.Equal(100, TakeAll(new(_time)));

    [Fact]
    public void TryTake_WithRequests_AllowsAFifthMore()
    {
        var budget = new RetryBudget(_time);
        for (var i = 0; i < 1_000; i++) budget.CountRequest(_time.GetTimestamp());
        Assert.Equal(300, TakeAll(budget));
    }

    [Fact]
    public void TryTake_Spent_ComesBackWithTime()
    {
        var budget = new RetryBudget(_time);
        TakeAll(budget);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(100, TakeAll(budget));
    }

    private int TakeAll(RetryBudget budget)
    {
        var taken = 0;
        while (budget.TryTake(_time.GetTimestamp())) taken++;
        return taken;
    }
}
