namespace ClusterMesh.Cli.Demo.Scenes;

internal sealed class RemoteAffinity : Scene
{
    public override string What => "remote affinity";

    public override string Why => "affinity remote: the other cluster first, the own one only when nothing is healthy there";

    public override async Task<IReadOnlyList<Check>> PlayAsync(Stage stage, CancellationToken cancel) => Judge(
        await stage.West.Traffic.SendAsync("remote.rebel-base.example", 500, cancel),
        await stage.East.Traffic.SendAsync("remote.rebel-base.example", 500, cancel));

    public static IReadOnlyList<Check> Judge(Sample byWest, Sample byEast) =>
    [
        Check.All("east by west's gateway", byWest, FromEast),
        Check.All("west by east's gateway", byEast, FromWest),
        Check.NoFailures(new([.. byWest.Answers, .. byEast.Answers])),
    ];
}
