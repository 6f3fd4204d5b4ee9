using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Demo.Kernel.Scenes;

internal sealed class WeightedClusters : KernelScene
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public override string What => "75/25 between clusters";

    public override string Why => "clustermesh.io/cluster-weights in the kernel: Maglev hashes addresses and ports, so near and not exact";

    public override async Task<IReadOnlyList<Check>> PlayAsync(LabStage stage, CancellationToken cancel)
    {
        try
        {
            await stage.AnnotateAsync("clustermesh.io/cluster-weights", "cluster-1=75,cluster-2=25", cancel);
            await Condition.WaitAsync(async () => (await stage.One.SendAsync(200, cancel)).Percent(FromTwo) < 37, Limit, stage.Time, cancel);
            return Judge(await stage.One.SendAsync(3000, cancel));
        }
        finally
        {
            await stage.RestoreAsync();
        }
    }

    public static IReadOnlyList<Check> Judge(Sample sample) =>
    [
        Check.Share("cluster-2", sample, FromTwo, 25, 3),
        Check.Pods("in both", sample, _ => true, 8),
        Check.NoFailures(sample),
    ];
}
