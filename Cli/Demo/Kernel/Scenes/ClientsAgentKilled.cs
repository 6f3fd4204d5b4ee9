namespace ClusterMesh.Cli.Demo.Kernel.Scenes;

internal sealed class ClientsAgentKilled : KernelScene
{
    private const int Settled = 500;

    public override string What => "the agent of x-wing's node killed";

    public override string Why => "SIGKILL, and started again: what it put into the kernel is pinned there and goes on without it";

    public override async Task<IReadOnlyList<Check>> PlayAsync(LabStage stage, CancellationToken cancel)
    {
        var node = stage.ClientNode.Name;
        await using var load = stage.One.StartLoad(cancel);
        await load.MoreAsync(Settled, cancel);
        var killed = stage.One.Now;
        stage.Lab.KillAgent(node);
        await load.MoreAsync(Settled, cancel);
        var restarted = stage.One.Now;
        await stage.Lab.StartAgentAsync(node, cancel);
        var ready = stage.One.Now;
        await load.MoreAsync(Settled, cancel);
        return Judge(await load.StopAsync(), killed, restarted, ready);
    }

    public static IReadOnlyList<Check> Judge(Sample sample, TimeSpan killed, TimeSpan restarted, TimeSpan ready) =>
    [
        Check.Share("cluster-2 without agent", sample.From(killed).Before(restarted), FromTwo, 50, 12),
        Check.Share("cluster-2 with the next", sample.From(ready), FromTwo, 50, 12),
        Check.NoFailures(sample),
    ];
}
