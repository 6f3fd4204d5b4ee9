namespace ClusterMesh.Cli.Demo.Kernel.Scenes;

internal sealed class AffinityLive : KernelScene
{
    private const int Settled = 300;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public override string What => "affinity local set live, then no pods left";

    public override string Why => "annotation and Deployment changed under load: pods that terminate get nothing new, the other cluster takes over";

    public override async Task<IReadOnlyList<Check>> PlayAsync(LabStage stage, CancellationToken cancel)
    {
        await using var load = stage.One.StartLoad(cancel);
        await load.MoreAsync(Settled, cancel);
        try
        {
            var edited = stage.One.Now;
            await stage.AnnotateAsync("service.cilium.io/affinity", "local", cancel);
            await load.UntilAsync(Settled, late => late.Percent(FromOne) >= 100, Limit, cancel);
            var deleted = stage.One.Now;
            await stage.Lab.DeleteAsync(LabStage.OneName, "Deployment", $"default/{LabStage.Service}", cancel: cancel);
            var gone = stage.One.Now;
            await load.MoreAsync(Settled, cancel);
            return Judge(await load.StopAsync(), edited, deleted, gone);
        }
        finally
        {
            await stage.RestoreAsync();
        }
    }

    /// <param name="deleted">When the Deployment was, and its pods began to terminate.</param>
    /// <param name="gone">When the last of them was gone.</param>
    public static IReadOnlyList<Check> Judge(Sample sample, TimeSpan edited, TimeSpan deleted, TimeSpan gone)
    {
        var local = sample.From(edited).Before(deleted);
        var lastRemote = local.Answers.Where(FromTwo).Select(answer => answer.At).DefaultIfEmpty(edited).Max();
        var settled = local.Last(Settled);
        return
        [
            Check.Share("cluster-2 before", sample.Before(edited), FromTwo, 50, 15),
            Check.Within("all in cluster-1", settled.Percent(FromOne) >= 100 ? lastRemote - edited : null, Limit),
            Check.All("cluster-1 then", settled, FromOne),
            Check.All("cluster-2 once its pods are gone", sample.From(gone), FromTwo),
            Check.NoFailures(sample),
        ];
    }
}
