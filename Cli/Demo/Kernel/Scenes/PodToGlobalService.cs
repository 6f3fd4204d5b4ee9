namespace ClusterMesh.Cli.Demo.Kernel.Scenes;

internal sealed class PodToGlobalService : KernelScene
{
    public override string What => "pod to a global service's ClusterIP";

    public override string Why => "a new connection each; eBPF on x-wing's node picks among the backends of both clusters, VXLAN carries it there";

    public override async Task<IReadOnlyList<Check>> PlayAsync(LabStage stage, CancellationToken cancel) => Judge(await stage.One.SendAsync(3000, cancel));

    public static IReadOnlyList<Check> Judge(Sample sample) =>
    [
        Check.Share("cluster-2", sample, FromTwo, 50, 5),
        Check.Pods("in both", sample, _ => true, 8),
        Check.NoFailures(sample),
    ];
}
