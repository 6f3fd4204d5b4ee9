namespace ClusterMesh.Cli.Demo.Scenes;

internal sealed class RemoteCanary : Scene
{
    public override string What => "1 % canary that runs only in east";

    public override string Why => "v3 has a global Service without endpoints in west: it stands for those of east";

    public override async Task<IReadOnlyList<Check>> PlayAsync(Stage stage, CancellationToken cancel) =>
        Judge(await stage.West.Traffic.SendAsync("next.rebel-base.example", 3000, cancel));

    public static IReadOnlyList<Check> Judge(Sample sample) =>
    [
        Check.Share("v3", sample, IsV3, 1, 0.2),
        Check.All("v3 in east", sample.Where(IsV3), FromEast),
        Check.All("v1 in west", sample.Where(answer => !IsV3(answer)), answer => IsV1(answer) && FromWest(answer)),
        Check.NoFailures(sample),
    ];

    private static bool IsV3(Answer answer) => answer.Version == "v3";
}
