namespace ClusterMesh.Cli.Demo.Scenes;

internal sealed class HeaderCanary : Scene
{
    private const string Host = "header.rebel-base.example", Header = "x-canary";

    public override string What => "canary steered by a header";

    public override string Why => "canary-by-header: x-canary: always goes to v2, never to v1; the weight is 0 for all others";

    public override async Task<IReadOnlyList<Check>> PlayAsync(Stage stage, CancellationToken cancel) => Judge(
        await stage.West.Traffic.SendAsync(Host, 300, cancel, (Header, "always")),
        await stage.West.Traffic.SendAsync(Host, 300, cancel, (Header, "never")),
        await stage.West.Traffic.SendAsync(Host, 300, cancel));

    public static IReadOnlyList<Check> Judge(Sample always, Sample never, Sample without) =>
    [
        Check.All("v2 with always", always, IsV2),
        Check.All("v1 with never", never, IsV1),
        Check.All("v1 without it", without, IsV1),
        Check.NoFailures(new([.. always.Answers, .. never.Answers, .. without.Answers])),
    ];
}
