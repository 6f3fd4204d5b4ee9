namespace ClusterMesh.Cli.Demo.Scenes;

internal sealed class AgentKilled : Scene
{
    private const int Half = 1000, Settled = 200;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public override string What => "west's agent killed, 75 back to 25";

    public override string Why => "SIGKILL: the gateway keeps its last snapshot; an edit made meanwhile arrives with the next agent";

    public override async Task<IReadOnlyList<Check>> PlayAsync(Stage stage, CancellationToken cancel)
    {
        await using var load = stage.West.Traffic.StartLoad("canary.rebel-base.example", cancel);
        await load.MoreAsync(Settled, cancel);
        stage.West.Agent.Kill();
        var killed = stage.West.Traffic.Now;
        stage.Manifests.Edit(Stage.WestName, "canary.yaml", "canary-weight: \"75\"", "canary-weight: \"25\"");
        await load.MoreAsync(Half, cancel);
        var restarted = stage.West.Traffic.Now;
        stage.West.Agent.Start();
        await load.UntilAsync(Settled, late => late.Percent(IsV2) < 50, Limit, cancel);
        await load.MoreAsync(Half, cancel);
        return Judge(await load.StopAsync(), killed, restarted);
    }

    public static IReadOnlyList<Check> Judge(Sample sample, TimeSpan killed, TimeSpan restarted)
    {
        var after = sample.From(restarted);
        var changed = SplitChange.Find(after, answer => !IsV2(answer), 0.25, 0.75);
        return
        [
            Check.Share("v2 without agent", sample.From(killed).Before(restarted), IsV2, 75, 1),
            Check.Within("new split", changed - restarted, Limit),
            Check.Share("v2 after", after.From(changed ?? restarted), IsV2, 25, 1),
            Check.NoFailures(sample),
        ];
    }
}
