namespace ClusterMesh.Cli.Demo.Scenes;

internal sealed class LocalReturns : Scene
{
    private const int Settled = 300;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public override string What => "return after their restart";

    public override string Why => "an ejection ends by itself; with healthy backends in west, affinity local holds again";

    public override async Task<IReadOnlyList<Check>> PlayAsync(Stage stage, CancellationToken cancel)
    {
        var pods = stage.PodsOf(Stage.WestName);
        await using var load = stage.West.Traffic.StartLoad("local.rebel-base.example", cancel);
        await stage.Pods.StartAsync(pods, cancel);
        var restarted = stage.West.Traffic.Now;
        await load.UntilAsync(Settled, late => late.Percent(FromWest) >= 100 && Pods(late) == pods.Count, Limit, cancel);
        var back = stage.West.Traffic.Now - restarted;
        return Judge(await load.StopAsync(), pods.Count, back);
    }

    /// <param name="back">How long it took until all was in west again.</param>
    public static IReadOnlyList<Check> Judge(Sample sample, int pods, TimeSpan back)
    {
        var late = sample.Last(Settled);
        return
        [
            Check.All("west", late, FromWest),
            Check.Pods("in west", late, FromWest, pods),
            Check.Within("all back", back, Limit),
            Check.NoFailures(sample),
        ];
    }
}
