using System.Net;
using ClusterMesh.Load.Drills;
using ClusterMesh.Load.Processes;

namespace ClusterMesh.Load.Bench;

/// <summary>Puts load on one server from the load CPU and returns what the tool printed.</summary>
internal sealed class Measurement(Stage stage)
{
    private int _runs;

    public async Task<WrkOutput> ThroughputAsync(Contender contender, int seconds, CancellationToken stop)
    {
        string[] words = ["wrk", "-t1", $"-c{BenchPlan.Connections}", $"-d{seconds}s", "-H", $"Host: {Contender.Host}", $"http://{contender.Address}/"];
        var output = WrkOutput.Parse(await RunAsync("wrk", words, seconds, stop));
        if (output.Errors > 0)
            throw new InvalidOperationException($"{contender.Name}: {output.Errors} errors under load; its figures would mean nothing");
        return output;
    }

    public async Task<(Figures Figures, double CpuMicrosecondsPerRequest)> FixedRateAsync(
        Contender contender, ChildProcess server, int seconds, CancellationToken stop)
    {
        string[] words =
        [
            "dotnet", typeof(Measurement).Assembly.Location,
            "run", $"http://{contender.Address}/", "--host", Contender.Host, "--rate", $"{BenchPlan.FixedRate}",
            "--warm-up", $"{BenchPlan.FixedRateWarmUpSeconds}", "--seconds", $"{seconds}", "--connections", $"{BenchPlan.Connections}",
        ];
        var before = Cpu.UsedBy(server.Id);
        var figures = Figures.Parse(await RunAsync("generator", words, seconds + BenchPlan.FixedRateWarmUpSeconds, stop));
        var used = Cpu.UsedBy(server.Id) - before;
        if (figures.Failed > 0)
            throw new InvalidOperationException($"{contender.Name}: {figures.Failed} failed requests at {BenchPlan.FixedRate}/s");
        return (figures, used.TotalMicroseconds / figures.TotalOk);
    }

    private async Task<string> RunAsync(string name, string[] words, int seconds, CancellationToken stop)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var bound = TimeProvider.System.CreateTimer(_ => bounded.Cancel(), null, TimeSpan.FromSeconds(seconds + 20), Timeout.InfiniteTimeSpan);
        var run = stage.Start(new ProcessCommand($"{name}-{++_runs}", words) { Cpu = BenchPlan.LoadCpu });
        await run.WaitForExitAsync(bounded.Token);
        return await File.ReadAllTextAsync(run.Log, stop);
    }
}
