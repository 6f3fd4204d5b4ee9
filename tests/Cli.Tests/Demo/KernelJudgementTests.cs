using ClusterMesh.Cli.Demo;
using ClusterMesh.Cli.Demo.Kernel.Scenes;

namespace ClusterMesh.Cli.Tests.Demo;

/// <summary>Each row holds on what a right data path shows, and is off on what each kind of wrong one would.</summary>
public sealed class KernelJudgementTests
{
    private const string One = "cluster-1", Two = "cluster-2";

    [Fact]
    public void PodToGlobalService_NeedsBothClustersAllPodsAndNoFailure()
    {
        Assert.True(PodToGlobalService.Judge(Mixed(3000, 2)).Hold());
        Assert.False(PodToGlobalService.Judge(Mixed(3000, 2).WithFailure()).Hold());
        Assert.False(PodToGlobalService.Judge(Mixed(3000, 3)).Hold());
        Assert.False(PodToGlobalService.Judge(Answers.From(One, 3000, pods: 8)).Hold());
        Assert.False(PodToGlobalService.Judge(Answers.Of(3000, at => Answers.One(at, at % 2 == 0 ? One : Two))).Hold());
    }

    [Fact]
    public void WeightedClusters_NeedsAQuarterInTheOther()
    {
        Assert.True(WeightedClusters.Judge(Mixed(3000, 4)).Hold());
        Assert.False(WeightedClusters.Judge(Mixed(3000, 4).WithFailure()).Hold());
        Assert.False(WeightedClusters.Judge(Mixed(3000, 2)).Hold());
        Assert.False(WeightedClusters.Judge(Mixed(3000, 5)).Hold());
    }

    [Fact]
    public void AffinityLive_NeedsOneAfterTheEditAndTwoOnceItsPodsAreGone()
    {
        // Edited at 500, followed at 600, deleted at 1500, gone at 1700.
        Assert.True(Judge(at => at < 600 ? Either(at) : at < 1600 ? One : Two).Hold());
        Assert.False(Judge(at => at < 1600 ? Either(at) : Two).Hold());
        Assert.False(Judge(at => at < 600 ? Either(at) : One).Hold());
        Assert.False(Judge(at => at < 1600 ? One : Two).Hold());
        Assert.False(AffinityLive.Judge(Right().WithFailure(), Ms(500), Ms(1500), Ms(1700)).Hold());

        static Sample Right() => Answers.Of(2500, at => Answers.One(at, at < 600 ? Either(at) : at < 1600 ? One : Two));
        static IReadOnlyList<Check> Judge(Func<int, string> cluster) => AffinityLive.Judge(Answers.Of(2500, at => Answers.One(at, cluster(at))), Ms(500), Ms(1500), Ms(1700));
    }

    [Fact]
    public void PolicyByCluster_NeedsOneLetInTwoRefusedAndFlowsThatSaySo()
    {
        var allowed = Answers.From(One, 1000);
        // Applied at 500; the last one is let in at 700, and at 900 it is clear that the policy holds.
        var denied = Answers.Of(1500, at => at <= 700 ? Answers.One(at, One) : Refused(at));
        Assert.True(PolicyByCluster.Judge(allowed, denied, Ms(500), Ms(900), drops: 1).Hold());
        Assert.False(PolicyByCluster.Judge(allowed, denied, Ms(500), Ms(900), drops: 0).Hold());
        Assert.False(PolicyByCluster.Judge(allowed.WithFailure(), denied, Ms(500), Ms(900), drops: 1).Hold());
        Assert.False(PolicyByCluster.Judge(allowed, Answers.From(One, 1500), Ms(500), Ms(900), drops: 1).Hold());
        Assert.False(PolicyByCluster.Judge(allowed, Answers.Of(1500, Refused), Ms(500), Ms(900), drops: 1).Hold());
        Assert.False(PolicyByCluster.Judge(allowed, Answers.Of(1500, at => at <= 700 || at == 1200 ? Answers.One(at, One) : Refused(at)), Ms(500), Ms(900), drops: 1).Hold());
        Assert.False(PolicyByCluster.Judge(allowed, denied.Before(Ms(900)), Ms(500), Ms(900), drops: 1).Hold());
    }

    [Fact]
    public void ClusterCutOff_NeedsFailuresInTheWindowOnlyAndTheClusterBack()
    {
        Assert.True(Judge(failures: at => at % 2 == 0 && at is >= 900 and < 2500).Hold());
        Assert.True(Judge(failures: _ => false).Hold());
        Assert.False(Judge(failures: at => at == 4200).Hold());
        Assert.False(Judge(failures: at => at == 9000).Hold());
        Assert.False(Judge(failures: _ => false, gone: 6000).Hold());
        Assert.False(Judge(failures: _ => false, back: 99_999).Hold());
        Assert.False(Judge(failures: _ => false, back: 11_500).Hold());

        // Cut at 1000, healed at 5000.
        static IReadOnlyList<Check> Judge(Func<int, bool> failures, int gone = 2500, int back = 8000) => ClusterCutOff.Judge(
            Answers.Of(12_000, at => failures(at) ? Refused(at) : Answers.One(at, at < gone || at >= back ? Either(at) : One)), Ms(1000), Ms(5000));
    }

    [Fact]
    public void ClientsAgentKilled_NeedsEveryConnectionAndBothClustersThroughout()
    {
        var even = Mixed(3000, 2);
        Assert.True(ClientsAgentKilled.Judge(even, Ms(500), Ms(1000), Ms(2000)).Hold());
        Assert.False(ClientsAgentKilled.Judge(even.WithFailure(), Ms(500), Ms(1000), Ms(2000)).Hold());
        Assert.False(ClientsAgentKilled.Judge(Answers.Of(3000, at => Answers.One(at, at is > 500 and < 1000 ? One : Either(at))), Ms(500), Ms(1000), Ms(2000)).Hold());
        Assert.False(ClientsAgentKilled.Judge(Answers.Of(3000, at => Answers.One(at, at > 1500 ? One : Either(at))), Ms(500), Ms(1000), Ms(2000)).Hold());
    }

    /// <summary>Every so many is from the other cluster; four pods in each.</summary>
    private static Sample Mixed(int count, int every) => Answers.Of(count, at => Answers.One(at, at % every == 0 ? Two : One, "v1", $"{at / every % 4}"));

    private static string Either(int at) => at % 2 == 0 ? One : Two;

    private static Answer Refused(int at) => Answer.Failed(Ms(at), "no connection");

    private static TimeSpan Ms(int at) => TimeSpan.FromMilliseconds(at);
}
