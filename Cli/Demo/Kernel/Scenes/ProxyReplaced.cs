namespace ClusterMesh.Cli.Demo.Kernel.Scenes;

internal sealed class ProxyReplaced : KernelScene
{
    private const int Settled = 400;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public override string What => "the proxy of x-wing's node replaced under load";

    public override string Why => "a second one puts its socket where the kernel hands requests over; the first one notices, and ends what it has begun";

    public override async Task<IReadOnlyList<Check>> PlayAsync(LabStage stage, CancellationToken cancel)
    {
        using var traffic = stage.TrafficTo("canary");
        await using var load = traffic.StartLoad(cancel);
        await load.MoreAsync(Settled, cancel);
        var started = traffic.Now;
        await stage.Lab.StartProxyAsync(stage.ClientNode.Name, cancel);
        var taken = traffic.Now;
        await load.MoreAsync(Settled, cancel);
        return Judge(await load.StopAsync(), started, taken);
    }

    /// <param name="taken">When the next one took the connections.</param>
    public static IReadOnlyList<Check> Judge(Sample sample, TimeSpan started, TimeSpan taken) =>
    [
        Check.Within("the next takes over", taken - started, Limit),
        Check.Share("v2 by the first", sample.Before(started), IsV2, 25, 1),
        Check.Share("v2 by the next", sample.From(taken), IsV2, 25, 1),
        Check.NoFailures(sample),
    ];
}
