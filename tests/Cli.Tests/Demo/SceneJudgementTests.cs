using ClusterMesh.Cli.Demo;
using ClusterMesh.Cli.Demo.Scenes;

namespace ClusterMesh.Cli.Tests.Demo;

/// <summary>Each row holds on what a right gateway shows, and is off on what each kind of wrong one would.</summary>
public sealed class SceneJudgementTests
{
    private static readonly TimeSpan At1000 = TimeSpan.FromMilliseconds(1000);

    [Fact]
    public void Balanced_NeedsBothClustersAllPodsAndNoFailure()
    {
        var even = Answers.Of(1000, at => Answers.One(at, at % 2 == 0 ? "west" : "east", "v1", $"{at / 2 % 4}"));
        Assert.True(Balanced.Judge(even).Hold());
        Assert.False(Balanced.Judge(even.WithFailure()).Hold());
        Assert.False(Balanced.Judge(Answers.From("west", 1000, pods: 8)).Hold());
        Assert.False(Balanced.Judge(Answers.Of(1000, at => Answers.One(at, at % 2 == 0 ? "west" : "east"))).Hold());
        Assert.False(Balanced.Judge(Answers.Of(1000, at => Answers.One(at, at % 5 < 2 ? "west" : "east", "v1", $"{at % 4}"))).Hold());
    }

    [Fact]
    public void Affinity_NeedsTheRightClusterByEachGateway()
    {
        var (west, east) = (Answers.From("west", 500), Answers.From("east", 500));
        Assert.True(LocalAffinity.Judge(west, east).Hold());
        Assert.False(LocalAffinity.Judge(east, west).Hold());
        Assert.False(LocalAffinity.Judge(west, east.WithFailure()).Hold());
        Assert.True(RemoteAffinity.Judge(east, west).Hold());
        Assert.False(RemoteAffinity.Judge(west, east).Hold());
        Assert.False(RemoteAffinity.Judge(east.WithFailure(), west).Hold());
    }

    [Fact]
    public void LocalKilled_NeedsWestBeforeEastAfterAndNoFailure()
    {
        var right = Answers.Of(2000, at => Answers.One(at, at < 1003 ? "west" : "east"));
        Assert.True(LocalKilled.Judge(right, At1000, At1000).Hold());
        Assert.False(LocalKilled.Judge(right.WithFailure(), At1000, At1000).Hold());
        Assert.False(LocalKilled.Judge(Answers.From("west", 2000), At1000, At1000).Hold());
        Assert.False(LocalKilled.Judge(Answers.From("east", 2000), At1000, At1000).Hold());
        Assert.False(LocalKilled.Judge(Answers.Of(2000, at => Answers.One(at, at < 1900 ? "west" : "east")), At1000, At1000).Hold());
    }

    [Fact]
    public void LocalReturns_NeedsAllPodsBackInTime()
    {
        var right = Answers.Of(2000, at => Answers.One(at, at < 900 ? "east" : "west", "v1", $"{at % 4}"));
        Assert.True(LocalReturns.Judge(right, 4, At1000).Hold());
        Assert.False(LocalReturns.Judge(right, 4, TimeSpan.FromSeconds(16)).Hold());
        Assert.False(LocalReturns.Judge(right.WithFailure(), 4, At1000).Hold());
        Assert.False(LocalReturns.Judge(Answers.From("west", 2000, pods: 3), 4, At1000).Hold());
        Assert.False(LocalReturns.Judge(Answers.From("east", 2000, pods: 4), 4, At1000).Hold());
    }

    [Fact]
    public void CanaryFailover_NeedsTheSplitToStayAndOnlyV2ToMove()
    {
        var right = Answers.Of(2000, at => Answers.One(at, at % 4 == 0 && at >= 1000 ? "east" : "west", at % 4 == 0 ? "v2" : "v1"));
        Assert.True(CanaryFailover.Judge(right, At1000, At1000).Hold());
        Assert.False(CanaryFailover.Judge(right.WithFailure(), At1000, At1000).Hold());
        Assert.False(CanaryFailover.Judge(Answers.Of(2000, at => Answers.One(at, "west", at % 4 == 0 ? "v2" : "v1")), At1000, At1000).Hold());
        Assert.False(CanaryFailover.Judge(Answers.Of(2000, at => Answers.One(at, at >= 1000 ? "east" : "west", at % 4 == 0 ? "v2" : "v1")), At1000, At1000).Hold());
        Assert.False(CanaryFailover.Judge(Answers.Of(2000, at => Answers.One(at, "west", at % 4 == 0 && at < 1000 ? "v2" : "v1")), At1000, At1000).Hold());
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(36, true)]
    [InlineData(37, false)]
    [InlineData(23, false)]
    [InlineData(0, false)]
    public void OnePercent_HoldsWithinATenthOrTwo(int east, bool holds)
    {
        Assert.Equal(holds, OnePercent.Judge(Answers.Of(3000, at => Answers.One(at, at < east ? "east" : "west"))).Hold());
        Assert.Equal(holds, RemoteCanary.Judge(Answers.Of(3000, at => Answers.One(at, at < east ? "east" : "west", at < east ? "v3" : "v1"))).Hold());
        Assert.False(OnePercent.Judge(Answers.Of(3000, at => Answers.One(at, at < east ? "east" : "west")).WithFailure()).Hold());
    }

    [Fact]
    public void RemoteCanary_FromTheWrongCluster_IsOff() =>
        Assert.False(RemoteCanary.Judge(Answers.Of(3000, at => Answers.One(at, "west", at < 30 ? "v3" : "v1"))).Hold());

    [Fact]
    public void HeaderCanary_NeedsAllThreeAnswersRight()
    {
        var (v1, v2) = (Answers.From("west", 300), Answers.Of(300, at => Answers.One(at, version: "v2")));
        Assert.True(HeaderCanary.Judge(v2, v1, v1).Hold());
        Assert.False(HeaderCanary.Judge(v1, v1, v1).Hold());
        Assert.False(HeaderCanary.Judge(v2, v2, v1).Hold());
        Assert.False(HeaderCanary.Judge(v2, v1, v2).Hold());
        Assert.False(HeaderCanary.Judge(v2, v1, v1.WithFailure()).Hold());
    }

    [Theory]
    [InlineData(1040, 3, true)]
    [InlineData(1000, 3, true)]
    [InlineData(3000, 3, false)]
    [InlineData(1040, 4, false)]
    [InlineData(9999, 3, false)]
    public void LiveWeight_NeedsTheNewSplitInTime(int change, int ofFour, bool holds)
    {
        var sample = Answers.Of(4000, at => Answers.One(at, version: at % 4 < (at < change ? 1 : ofFour) ? "v2" : "v1"));
        Assert.Equal(holds, LiveWeight.Judge(sample, At1000).Hold());
        Assert.False(LiveWeight.Judge(sample.WithFailure(), At1000).Hold());
    }

    [Theory]
    [InlineData(2100, 1, true)]
    [InlineData(30000, 1, false)]
    [InlineData(2100, 2, false)]
    [InlineData(2100, 3, false)]
    public void AgentKilled_NeedsTheOldSplitFirstAndTheNewOneInTime(int change, int ofFour, bool holds)
    {
        var sample = Answers.Of(40000, at => Answers.One(at, version: at % 4 < (at < change ? 3 : ofFour) ? "v2" : "v1"));
        Assert.Equal(holds, AgentKilled.Judge(sample, At1000, TimeSpan.FromSeconds(2)).Hold());
        Assert.False(AgentKilled.Judge(sample.WithFailure(), At1000, TimeSpan.FromSeconds(2)).Hold());
    }

    [Fact]
    public void AgentKilled_ThatLosesTheSplitAtOnce_IsOff()
    {
        var sample = Answers.Of(4000, at => Answers.One(at, version: at % 4 < (at < 1200 ? 3 : 1) ? "v2" : "v1"));
        Assert.False(AgentKilled.Judge(sample, At1000, TimeSpan.FromSeconds(2)).Hold());
    }

    [Fact]
    public void EtcdKilled_NeedsEveryPodAllTheWhileAndTheStatusThatTells()
    {
        var (second, returned) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
        var right = Answers.Of(4000, at => Answers.One(at, at % 2 == 0 ? "west" : "east", "v1", $"{at / 2 % 4}"));
        Assert.True(EtcdKilled.Judge(right, At1000, returned, second, second).Hold());
        Assert.False(EtcdKilled.Judge(right, At1000, returned, null, second).Hold());
        Assert.False(EtcdKilled.Judge(right, At1000, returned, second, null).Hold());
        Assert.False(EtcdKilled.Judge(right.WithFailure(), At1000, returned, second, second).Hold());
        Assert.False(EtcdKilled.Judge(Answers.From("west", 4000, pods: 8), At1000, returned, second, second).Hold());
        Assert.False(EtcdKilled.Judge(Answers.Of(4000, at => Answers.One(at, at % 2 == 0 ? "west" : "east", "v1", $"{at / 2 % 3}")), At1000, returned, second, second).Hold());
    }
}
