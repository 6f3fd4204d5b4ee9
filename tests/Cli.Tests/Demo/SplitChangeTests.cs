using ClusterMesh.Cli.Demo;

namespace ClusterMesh.Cli.Tests.Demo;

public sealed class SplitChangeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(120)]
    [InlineData(600)]
    public void Find_AfterAChange_NamesItsMomentWithinAFewAnswers(int change)
    {
        var sample = Answers.Of(1000, at => Answers.One(at, version: InCanary(at, at < change ? 1 : 3) ? "v2" : "v1"));
        var found = SplitChange.Find(sample, answer => answer.Version == "v2", 0.25, 0.75);
        Assert.NotNull(found);
        Assert.InRange(found.Value.TotalMilliseconds, change - 4, change + 4);
    }

    [Fact]
    public void Find_WithoutAChange_IsNull()
    {
        var sample = Answers.Of(1000, at => Answers.One(at, version: InCanary(at, 1) ? "v2" : "v1"));
        Assert.Null(SplitChange.Find(sample, answer => answer.Version == "v2", 0.25, 0.75));
        Assert.Null(SplitChange.Find(new([]), answer => answer.Version == "v2", 0.25, 0.75));
    }

    /// <summary>So many of every four.</summary>
    private static bool InCanary(int at, int ofFour) => at % 4 < ofFour;
}
