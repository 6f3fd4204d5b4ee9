namespace ClusterMesh.Cli.Demo.Scenes;

internal sealed class CanaryFailover : Scene
{
    private const int Half = 1000, Settled = 100;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public override string What => "canary 25/75, failover in the middle";

    public override string Why => "v1 and v2 are global services of their own: v2 fails over to east, the split stays";

    public override async Task<IReadOnlyList<Check>> PlayAsync(Stage stage, CancellationToken cancel)
    {
        var pods = stage.PodsOf(Stage.WestName, "v2");
        await using var load = stage.West.Traffic.StartLoad("canary.rebel-base.example", cancel);
        await load.MoreAsync(Half, cancel);
        var killed = stage.West.Traffic.Now;
        stage.Pods.Kill(pods);
        var gone = stage.West.Traffic.Now;
        await load.MoreAsync(Half, cancel);
        await load.UntilAsync(Settled, late => late.Where(IsV2).Percent(FromEast) >= 100, Limit, cancel);
        var sample = await load.StopAsync();
        await stage.Pods.StartAsync(pods, cancel);
        return Judge(sample, killed, gone);
    }

    public static IReadOnlyList<Check> Judge(Sample sample, TimeSpan killed, TimeSpan gone)
    {
        var (before, after) = (sample.Before(killed), sample.From(gone));
        return
        [
            Check.Share("v2 before", before, IsV2, 25, 1),
            Check.Share("v2 after", after, IsV2, 25, 1),
            Check.All("v2 in west before", before.Where(IsV2), FromWest),
            Check.All("v2 in east after", after.Where(IsV2).Last(Settled), FromEast),
            Check.All("v1 in west throughout", sample.Where(IsV1), FromWest),
            Check.NoFailures(sample),
        ];
    }
}
