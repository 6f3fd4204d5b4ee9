using ClusterMesh.Agent.Probes;

namespace ClusterMesh.Agent.Tests.Probes;

public sealed class ProbeJudgeTests
{
    private static readonly ProbeRules s_rules = new();

    /// <summary>One sign for each round of half a second: + somebody answered, - nobody. The verdict after each: ? unknown, R reachable, U unreachable.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("----------", "??????????")]
    [InlineData("--+--", "??RRR")]
    [InlineData("+---", "RRRU")]
    [InlineData("+--+--+--", "RRRRRRRRR")]
    [InlineData("+---++++", "RRRUUUUU")]
    [InlineData("+---++++++", "RRRUUUUUUR")]
    [InlineData("+---++++-++++++", "RRRUUUUUUUUUUUR")]
    // The second time it must answer for 5 s.
    [InlineData("+---++++++---+++++++++++", "RRRUUUUUURRRUUUUUUUUUUUR")]
    public void Rounds_OneAfterTheOther_MakeTheVerdict(string rounds, string verdicts)
    {
        var judge = new ProbeJudge(s_rules);
        var now = TimeSpan.FromSeconds(100);
        Assert.Equal(verdicts, string.Concat(rounds.Select(round => Sign(Round(judge, round == '+', now += s_rules.Interval)))));
    }

    [Fact]
    public void Node_ThatFlapsOnAndOn_WaitsAMinuteAtMost()
    {
        var judge = new ProbeJudge(s_rules);
        var now = TimeSpan.Zero;
        List<double> waits = [];
        for (var flap = 0; flap < 8; flap++)
        {
            while (Round(judge, true, now += s_rules.Interval) != NodeVerdict.Reachable) { }
            while (Round(judge, false, now += s_rules.Interval) != NodeVerdict.Unreachable) { }
            waits.Add(judge.ReturnAfter.TotalSeconds);
        }

        Assert.Equal([2.5, 5, 10, 20, 40, 60, 60, 60], waits);
    }

    [Fact]
    public void Node_ThatHasBeenWellForLong_IsForgivenItsFlaps()
    {
        var judge = new ProbeJudge(s_rules);
        var now = TimeSpan.Zero;
        for (var flap = 0; flap < 3; flap++)
        {
            while (Round(judge, true, now += s_rules.Interval) != NodeVerdict.Reachable) { }
            while (Round(judge, false, now += s_rules.Interval) != NodeVerdict.Unreachable) { }
        }

        Assert.Equal(10, judge.ReturnAfter.TotalSeconds);
        while (Round(judge, true, now += s_rules.Interval) != NodeVerdict.Reachable) { }
        now += s_rules.Decay * 2;
        while (Round(judge, false, now += s_rules.Interval) != NodeVerdict.Unreachable) { }
        Assert.Equal(5, judge.ReturnAfter.TotalSeconds);
    }

    [Fact]
    public void Silence_OfANodeWhoseKernelNeverAnswers_IsSufferedForLonger()
    {
        var judge = new ProbeJudge(s_rules);
        judge.Hear(TimeSpan.Zero, TimeSpan.Zero);
        for (var at = TimeSpan.FromSeconds(1); at < TimeSpan.FromSeconds(10); at += s_rules.Interval) judge.Miss(at);
        Assert.True(judge.IsOverdue(kernelAnswers: true, TimeSpan.FromSeconds(10)));
        Assert.False(judge.IsOverdue(kernelAnswers: false, TimeSpan.FromSeconds(10)));
        Assert.False(judge.IsOverdue(kernelAnswers: false, TimeSpan.FromSeconds(30.9)));
        Assert.True(judge.IsOverdue(kernelAnswers: false, TimeSpan.FromSeconds(31)));
    }

    private static NodeVerdict Round(ProbeJudge judge, bool heard, TimeSpan now)
    {
        if (heard) judge.Hear(now, now);
        else judge.Miss(now);
        if (judge.IsOverdue(kernelAnswers: true, now)) judge.CallGone(now);
        return judge.Verdict;
    }

    private static char Sign(NodeVerdict verdict) => verdict switch { NodeVerdict.Unknown => '?', NodeVerdict.Reachable => 'R', _ => 'U' };
}
