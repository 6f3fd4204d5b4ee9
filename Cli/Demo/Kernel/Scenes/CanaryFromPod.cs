namespace ClusterMesh.Cli.Demo.Kernel.Scenes;

internal sealed class CanaryFromPod : KernelScene
{
    private const int Half = 800, Settled = 100;

    public override string What => "canary 25/75 from a pod, failover in the middle";

    public override string Why => "an HTTPRoute whose parent is the Service: the proxy of x-wing's node splits its requests, exactly; v2 fails over to cluster-2";

    public override async Task<IReadOnlyList<Check>> PlayAsync(LabStage stage, CancellationToken cancel)
    {
        using var traffic = stage.TrafficTo("canary");
        await using var load = traffic.StartLoad(cancel);
        await load.MoreAsync(Half, cancel);
        try
        {
            var killed = traffic.Now;
            await stage.Lab.DeleteAsync(LabStage.OneName, "Deployment", "default/rebel-base-v2", force: true, cancel);
            var gone = traffic.Now;
            await load.MoreAsync(Half, cancel);
            return Judge(await load.StopAsync(), killed, gone);
        }
        finally
        {
            await stage.RestoreAsync();
        }
    }

    public static IReadOnlyList<Check> Judge(Sample sample, TimeSpan killed, TimeSpan gone)
    {
        var (before, after) = (sample.Before(killed), sample.From(gone));
        return
        [
            Check.Share("v2 before", before, IsV2, 25, 1),
            Check.Share("v2 after", after, IsV2, 25, 1),
            Check.All("v2 in cluster-1 before", before.Where(IsV2), FromOne),
            Check.All("v2 in cluster-2 after", after.Where(IsV2).Last(Settled), FromTwo),
            Check.Pods("of v1 in both", sample, IsV1, 8),
            Check.NoFailures(sample),
        ];
    }
}
