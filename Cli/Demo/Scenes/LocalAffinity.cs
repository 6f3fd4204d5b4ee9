namespace ClusterMesh.Cli.Demo.Scenes;

internal sealed class LocalAffinity : Scene
{
    public override string What => "local affinity";

    public override string Why => "affinity local: each gateway stays in its own cluster while a backend there is healthy";

    public override async Task<IReadOnlyList<Check>> PlayAsync(Stage stage, CancellationToken cancel) => Judge(
        await stage.West.Traffic.SendAsync("local.rebel-base.example", 500, cancel),
        await stage.East.Traffic.SendAsync("local.rebel-base.example", 500, cancel));

    public static IReadOnlyList<Check> Judge(Sample byWest, Sample byEast) =>
    [
        Check.All("west by west's gateway", byWest, FromWest),
        Check.All("east by east's gateway", byEast, FromEast),
        Check.NoFailures(new([.. byWest.Answers, .. byEast.Answers])),
    ];
}
