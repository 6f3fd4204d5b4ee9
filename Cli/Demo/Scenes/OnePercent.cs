namespace ClusterMesh.Cli.Demo.Scenes;

internal sealed class OnePercent : Scene
{
    public override string What => "1 % of one service to the other cluster";

    public override string Why => "clustermesh.io/cluster-weights: west=99,east=1; splits are exact, not only random";

    public override async Task<IReadOnlyList<Check>> PlayAsync(Stage stage, CancellationToken cancel) =>
        Judge(await stage.West.Traffic.SendAsync("weighted.rebel-base.example", 3000, cancel));

    public static IReadOnlyList<Check> Judge(Sample sample) => [Check.Share("east", sample, FromEast, 1, 0.2), Check.NoFailures(sample)];
}
