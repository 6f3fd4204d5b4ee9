using ClusterMesh.Cli.Demo;
using ClusterMesh.Cli.Demo.Kernel.Scenes;
using ClusterMesh.Cli.Lab;

namespace ClusterMesh.Cli.Tests.Demo;

/// <summary>Each row about requests between pods holds on what a right proxy shows, and is off on what each kind of wrong one would.</summary>
public sealed class RequestJudgementTests
{
    private const string One = "cluster-1", Two = "cluster-2";

    [Fact]
    public void CanaryFromPod_NeedsAQuarterThroughoutAndV2InTheOtherClusterAfter()
    {
        Assert.True(Judge(Canary()).Hold());
        Assert.False(Judge(Canary().WithFailure()).Hold());
        Assert.False(Judge(Canary(every: 5)).Hold());
        Assert.False(Judge(Canary(gone: 2000)).Hold());
        Assert.False(Judge(Canary(gone: 500)).Hold());
        // Once v2 is gone from cluster-1, v1 has it all.
        Assert.False(Judge(Answers.Of(2000, at => At(at, at < 1000 ? 4 : 2000, gone: 1000))).Hold());
        // v1 in one cluster alone.
        Assert.False(Judge(Answers.Of(2000, at => At(at, 4, 1000) is { Version: "v1" } v1 ? v1 with { Cluster = One } : At(at, 4, 1000))).Hold());

        static IReadOnlyList<Check> Judge(Sample sample) => CanaryFromPod.Judge(sample, Ms(1000), Ms(1010));
        static Sample Canary(int every = 4, int gone = 1000) => Answers.Of(2000, at => At(at, every, gone));
    }

    [Fact]
    public void OnePercentFromPod_NeedsOnePercentInTheOtherCluster()
    {
        Assert.True(OnePercentFromPod.Judge(Next(100, Two)).Hold());
        Assert.False(OnePercentFromPod.Judge(Next(100, Two).WithFailure()).Hold());
        Assert.False(OnePercentFromPod.Judge(Next(100, One)).Hold());
        Assert.False(OnePercentFromPod.Judge(Next(50, Two)).Hold());
        Assert.False(OnePercentFromPod.Judge(Answers.From(One, 2000)).Hold());

        static Sample Next(int every, string cluster) => Answers.Of(2000, at => at % every == 0 ? Answers.One(at, cluster, "v3") : Answers.One(at, One));
    }

    [Fact]
    public void ProxyReplaced_NeedsTheNextInTimeTheSplitByBothAndNoFailure()
    {
        var sample = Answers.Of(2000, at => At(at, every: 4, gone: 2000));
        Assert.True(ProxyReplaced.Judge(sample, Ms(500), Ms(1500)).Hold());
        Assert.False(ProxyReplaced.Judge(sample.WithFailure(), Ms(500), Ms(1500)).Hold());
        Assert.False(ProxyReplaced.Judge(sample, Ms(500), Ms(60_000)).Hold());
        Assert.False(ProxyReplaced.Judge(Answers.Of(2000, at => At(at, at < 1500 ? 4 : 2, gone: 2000)), Ms(500), Ms(1500)).Hold());
        Assert.False(ProxyReplaced.Judge(Answers.Of(2000, at => At(at, at < 500 ? 2 : 4, gone: 2000)), Ms(500), Ms(1500)).Hold());
    }

    [Fact]
    public void PolicyOfRequests_NeedsTheAllowedPathTheRefusalAndAFlowThatNamesTheRule()
    {
        LabAnswer[] allowed = [Answered(200, One), Answered(200, Two)], denied = [Answered(403, One, "Access denied\r\n")];
        string[] rules = ["none of CiliumNetworkPolicy default/x-wing-reads-plans spec.ingress[0]"];
        Assert.True(PolicyOfRequests.Judge(allowed, denied, rules).Hold());
        Assert.False(PolicyOfRequests.Judge([.. allowed, Answered(403, One)], denied, rules).Hold());
        Assert.False(PolicyOfRequests.Judge([Answered(200, One)], denied, rules).Hold());
        Assert.False(PolicyOfRequests.Judge(allowed, [.. denied, Answered(200, Two)], rules).Hold());
        Assert.False(PolicyOfRequests.Judge(allowed, [Answered(403, Two, "Forbidden")], rules).Hold());
        Assert.False(PolicyOfRequests.Judge(allowed, [], rules).Hold());
        Assert.False(PolicyOfRequests.Judge(allowed, denied, []).Hold());
        Assert.False(PolicyOfRequests.Judge(allowed, denied, [.. rules, "no rule"]).Hold());
    }

    /// <summary>Every so many is v2, in cluster-1 until it is gone there; v1 is in both, four pods in each.</summary>
    private static Answer At(int at, int every, int gone) =>
        at % every == 0 ? Answers.One(at, at < gone ? One : Two, "v2") : Answers.One(at, at % 2 == 0 ? One : Two, "v1", $"{at / 4 % 4}");

    private static LabAnswer Answered(int status, string cluster, string body = "") => new(status, new Dictionary<string, string> { ["x-echo-cluster"] = cluster }, body, null);

    private static TimeSpan Ms(int at) => TimeSpan.FromMilliseconds(at);
}
