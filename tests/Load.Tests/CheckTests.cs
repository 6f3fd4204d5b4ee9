using ClusterMesh.Load.Drills;
using ClusterMesh.Load.Generator;

namespace ClusterMesh.Load.Tests;

public sealed class CheckTests
{
    [Fact]
    public void NoneFailed_WhenAllWereAnswered_Passes() => Assert.True(Check.NoneFailed(new Tally { Sent = 5, Ok = 5 }).Passed);

    [Fact]
    public void NoneFailed_WithOneFailure_Fails()
    {
        var tally = new Tally { Sent = 5, Ok = 4 };
        tally.Fail(FailureKind.Reset, "");

        Assert.False(Check.NoneFailed(tally).Passed);
    }

    [Fact]
    public void NoneFailed_WithAnUnansweredRequest_Fails() => Assert.False(Check.NoneFailed(new Tally { Sent = 5, Ok = 4 }).Passed);

    [Fact]
    public void NoneFailed_WithoutAnyRequest_Fails() => Assert.False(Check.NoneFailed(new Tally()).Passed);

    [Theory]
    [InlineData(1999, 1, true)]
    [InlineData(1800, 1, false)]
    public void RateHeld_ComparesWithTheWantedRate(long sent, int seconds, bool passed) =>
        Assert.Equal(passed, Check.RateHeld(new Tally { Sent = sent }, 2000, TimeSpan.FromSeconds(seconds)).Passed);

    [Theory]
    [InlineData(0, 10_000, true)]
    [InlineData(1, 9_999, false)]
    [InlineData(0, 0, false)]
    public void All_DemandsEverySingleAnswer(long west, long east, bool passed) =>
        Assert.Equal(passed, Check.All("", Spread(west, east), "east").Passed);

    [Theory]
    [InlineData(2500, 7500, true)]
    [InlineData(2549, 7451, true)]
    [InlineData(2551, 7449, false)]
    [InlineData(0, 0, false)]
    public void Share_AllowsTheGivenPoints(long west, long east, bool passed) =>
        Assert.Equal(passed, Check.Share("", Spread(west, east), "west", percent: 25, points: 0.5).Passed);

    [Fact]
    public void Shares_OfAlmostAll_DoNotPrintAsAll() => Assert.Equal("east 99.99 %, west 0.00 %", Spread(1, 999_999).ToString());

    [Fact]
    public void NoneCrashed_NamesWhatEnded()
    {
        Assert.True(Check.NoneCrashed([]).Passed);
        Assert.Equal((false, "west-p1 ended with 137"), (Check.NoneCrashed(["west-p1 ended with 137"]).Passed, Check.NoneCrashed(["west-p1 ended with 137"]).Seen));
    }

    [Fact]
    public void Report_WithoutChecks_HasNotPassed() => Assert.False(new DrillReport("x", new Tally(), []).Passed);

    [Fact]
    public void Table_OfAFailedDrill_NamesTheFailedCheck()
    {
        var report = new DrillReport("kill-local", new Tally(), [Check.NoneFailed(new Tally())]);

        Assert.Contains("FAIL: failed requests", DrillTable.Text([report]), StringComparison.Ordinal);
    }

    private static Shares Spread(long west, long east)
    {
        var shares = new Shares();
        if (west > 0)
            shares.Count("west", west);
        if (east > 0)
            shares.Count("east", east);
        return shares;
    }
}
