namespace ClusterMesh.Cli.Demo.Kernel.Scenes;

internal sealed class OnePercentFromPod : KernelScene
{
    public override string What => "1 % to the other cluster from a pod";

    public override string Why => "v3 runs only in cluster-2: its Service without pods in cluster-1 has weight 1 of 100 in the HTTPRoute there";

    public override async Task<IReadOnlyList<Check>> PlayAsync(LabStage stage, CancellationToken cancel)
    {
        using var traffic = stage.TrafficTo("next");
        return Judge(await traffic.SendAsync(2000, cancel));
    }

    public static IReadOnlyList<Check> Judge(Sample sample) =>
    [
        Check.Share("v3", sample, IsV3, 1, 0.2),
        Check.All("v3 in cluster-2", sample.Where(IsV3), FromTwo),
        Check.NoFailures(sample),
    ];
}
