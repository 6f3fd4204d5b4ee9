namespace ClusterMesh.Cli.Demo.Scenes;

internal sealed class LiveWeight : Scene
{
    private const int Half = 1000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public override string What => "a weight changed live, 25 to 75";

    public override string Why => "canary-weight edited in the manifest under load; nothing restarts and no request is lost";

    public override async Task<IReadOnlyList<Check>> PlayAsync(Stage stage, CancellationToken cancel)
    {
        await using var load = stage.West.Traffic.StartLoad("canary.rebel-base.example", cancel);
        await load.MoreAsync(Half, cancel);
        stage.Manifests.Edit(Stage.WestName, "canary.yaml", "canary-weight: \"25\"", "canary-weight: \"75\"");
        var edited = stage.West.Traffic.Now;
        await load.MoreAsync(Half, cancel);
        return Judge(await load.StopAsync(), edited);
    }

    public static IReadOnlyList<Check> Judge(Sample sample, TimeSpan edited)
    {
        var after = sample.From(edited);
        var changed = SplitChange.Find(after, IsV2, 0.25, 0.75);
        return
        [
            Check.Share("v2 before", sample.Before(edited), IsV2, 25, 1),
            Check.Within("new split", changed - edited, Limit),
            Check.Share("v2 after", after.From(changed ?? edited), IsV2, 75, 1),
            Check.NoFailures(sample),
        ];
    }
}
