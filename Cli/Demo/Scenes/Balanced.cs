namespace ClusterMesh.Cli.Demo.Scenes;

internal sealed class Balanced : Scene
{
    public override string What => "one global service, both clusters";

    public override string Why => "affinity none: the backends of all clusters are one flat pool (power of two choices)";

    public override async Task<IReadOnlyList<Check>> PlayAsync(Stage stage, CancellationToken cancel) =>
        Judge(await stage.West.Traffic.SendAsync("rebel-base.example", 2000, cancel));

    public static IReadOnlyList<Check> Judge(Sample sample) =>
    [
        Check.Share("west", sample, FromWest, 50, 5),
        Check.Pods("in both", sample, _ => true, 8),
        Check.NoFailures(sample),
    ];
}
