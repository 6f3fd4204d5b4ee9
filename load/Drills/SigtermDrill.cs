using ClusterMesh.Load.Generator;
using ClusterMesh.Load.Processes;

namespace ClusterMesh.Load.Drills;

internal sealed class SigtermDrill : IDrill
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    public string Name => "sigterm";

    public string Story => "SIGTERM to one of two gateways behind a load balancer that asks /readyz every 100 ms; the other takes over";

    public int Gateways => 2;

    public async Task PlayAsync(DrillContext context, CancellationToken stop)
    {
        using var balancing = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var polls = context.Gateways.Select((_, i) => PollAsync(context, i, balancing.Token)).ToArray();
        try
        {
            await TakeOverAsync(context, stop);
        }
        finally
        {
            await balancing.CancelAsync();
            await Task.WhenAll(polls);
        }
    }

    private static async Task TakeOverAsync(DrillContext context, CancellationToken stop)
    {
        var (first, second) = (context.Gateways[0], context.Gateways[1]);
        var before = await context.ObserveAsync(TimeSpan.FromSeconds(2), stop);
        context.Checks.Add(Check.Share("both serve", before.Targets, first.Name, percent: 50, points: 5));

        first.Process.Terminate();
        context.Say($"SIGTERM to {first.Name} ({first.Process.Id})");
        var took = await Until.TrueAsync(() => Task.FromResult(first.Process.Exited), Bound, TimeSpan.FromMilliseconds(50), stop);
        context.Checks.Add(Check.Within($"{first.Name} ends", took, Bound));
        if (took is not null)
            context.Checks.Add(new Check("its exit code", "0", $"{first.Process.ExitCode}", first.Process.ExitCode == 0));

        var after = await context.ObserveAsync(TimeSpan.FromSeconds(3), stop);
        context.Checks.Add(Check.All("later on", after.Targets, second.Name));
    }

    /// <summary>The load balancer's health check of one gateway.</summary>
    private static async Task PollAsync(DrillContext context, int gateway, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), context.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
                context.Load.SetReady(gateway, await context.Gateways[gateway].IsReadyAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // The drill is over.
        }
    }
}
