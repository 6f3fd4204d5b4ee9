using ClusterMesh.Load.Drills;

namespace ClusterMesh.Load.Bench;

/// <summary>"bench --out FILE [--quick]": measures the proxies and prints ratios; bench.sh calls it.</summary>
internal static class BenchCommand
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(15);

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var bound = TimeProvider.System.CreateTimer(_ => bounded.Cancel(), null, Bound, Timeout.InfiniteTimeSpan);
        using var log = new BenchLog(arguments.Text("out", "bench.txt"));
        await using var stage = new Stage("bench", arguments.Flag("keep-files"));
        var plan = arguments.Flag("quick") ? BenchPlan.Quick : BenchPlan.Full;
        foreach (var line in MachineFacts.Lines())
            log.Write(line);
        log.Write($"# {plan}");
        try
        {
            var ratios = await new BenchRun(stage, plan, log).RunAsync(bounded.Token);
            foreach (var ratio in ratios)
                log.Write(ratio.ToString());
            return 0;
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or FormatException or IOException)
        {
            log.Write($"# failed: {e.Message}");
            return 1;
        }
    }
}
