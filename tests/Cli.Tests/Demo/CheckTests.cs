using ClusterMesh.Cli.Demo;

namespace ClusterMesh.Cli.Tests.Demo;

public sealed class CheckTests
{
    [Theory]
    [InlineData(250, true)]
    [InlineData(260, true)]
    [InlineData(261, false)]
    [InlineData(239, false)]
    [InlineData(0, false)]
    public void Share_OfAThousand_HoldsWithinItsPoints(int east, bool holds)
    {
        var sample = Answers.Of(1000, at => Answers.One(at, at < east ? "east" : "west"));
        var check = Check.Share("east", sample, answer => answer.Cluster == "east", 25, 1);
        Assert.Equal(holds, check.Holds);
        Assert.Equal("east 25% ±1", check.Expected);
    }

    [Fact]
    public void Share_ShowsWhatWasSeen() =>
        Assert.Equal("east 25.1% of 1000", Check.Share("east", Answers.Of(1000, at => Answers.One(at, at < 251 ? "east" : "west")), answer => answer.Cluster == "east", 25, 1).Seen);

    [Fact]
    public void EveryCheck_WithoutAnswers_IsOff()
    {
        var none = new Sample([]);
        Assert.False(Check.Share("x", none, _ => true, 0, 100).Holds);
        Assert.False(Check.All("x", none, _ => true).Holds);
        Assert.False(Check.NoFailures(none).Holds);
        Assert.False(Check.Within("x", null, TimeSpan.FromHours(1)).Holds);
        Assert.False(new Row("", [], "").Holds);
    }

    [Fact]
    public void Failures_AreCountedNamedAndLeftOutOfShares()
    {
        var sample = Answers.From("west", 99).WithFailure();
        Assert.Equal(100, sample.Percent(answer => answer.Cluster == "west"));
        var check = Check.NoFailures(sample);
        Assert.Equal((false, "1 of 100 failed: status 503"), (check.Holds, check.Seen));
    }

    [Fact]
    public void All_WithOneStray_IsOff()
    {
        var stray = Answers.Of(1000, at => Answers.One(at, at == 7 ? "east" : "west"));
        Assert.False(Check.All("west", stray, answer => answer.Cluster == "west").Holds);
    }
}
