namespace ClusterMesh.Cli.Demo.Scenes;

internal sealed class LocalKilled : Scene
{
    private const int Settled = 300, After = 1000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public override string What => "all local backends killed under load";

    public override string Why => "SIGKILL to 4 pods: failed connections are retried in east, then west's backends are ejected";

    public override async Task<IReadOnlyList<Check>> PlayAsync(Stage stage, CancellationToken cancel)
    {
        await using var load = stage.West.Traffic.StartLoad("local.rebel-base.example", cancel);
        await load.MoreAsync(Settled, cancel);
        var killed = stage.West.Traffic.Now;
        stage.Pods.Kill(stage.PodsOf(Stage.WestName));
        var gone = stage.West.Traffic.Now;
        await load.MoreAsync(After, cancel);
        await load.UntilAsync(Settled, late => late.Percent(FromEast) >= 100, Limit, cancel);
        return Judge(await load.StopAsync(), killed, gone);
    }

    /// <param name="gone">When the last of the pods was gone.</param>
    public static IReadOnlyList<Check> Judge(Sample sample, TimeSpan killed, TimeSpan gone)
    {
        var takenOver = sample.From(killed).Answers.FirstOrDefault(FromEast)?.At - killed;
        return
        [
            Check.All("west before", sample.Before(killed), FromWest),
            Check.Within("east takes over", takenOver, Limit),
            Check.All("east once they are gone", sample.From(gone).Last(Settled), FromEast),
            Check.NoFailures(sample),
        ];
    }
}
