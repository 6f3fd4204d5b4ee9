using System.Net;
using ClusterMesh.Load.Drills;
using ClusterMesh.Load.Processes;

namespace ClusterMesh.Load.Bench;

/// <summary>Starts backend and contenders, warms all up, and measures them in turn, round after round.</summary>
internal sealed class BenchRun(Stage stage, BenchPlan plan, BenchLog log)
{
    private readonly Measurement _measurement = new(stage);
    private readonly List<Sample> _samples = [];
    private readonly Dictionary<Contender, ChildProcess> _servers = [];

    public async Task<IReadOnlyList<Ratio>> RunAsync(CancellationToken stop)
    {
        await StartAsync(stop);
        foreach (var contender in _servers.Keys)
        {
            var warm = await _measurement.ThroughputAsync(contender, plan.WarmUpSeconds, stop);
            log.Write(FormattableString.Invariant($"# warm-up {contender.Name}: {warm.RequestsPerSecond:F0} requests/s over {plan.WarmUpSeconds} s"));
        }

        for (var round = 1; round <= plan.Rounds; round++)
        {
            foreach (var contender in InTurn(round))
            {
                var output = await _measurement.ThroughputAsync(contender, plan.ThroughputSeconds, stop);
                Keep(new Sample(Ratios.Throughput, contender.Name, round, output.RequestsPerSecond));
            }
        }

        for (var round = 1; round <= plan.Rounds; round++)
        {
            foreach (var contender in InTurn(round))
                await FixedRateAsync(contender, round, stop);
        }

        return Ratios.From(_samples);
    }

    private async Task StartAsync(CancellationToken stop)
    {
        var backend = new IPEndPoint(IPAddress.Loopback, Ports.Free());
        string[] words = ["nginx", "-p", stage.Root, "-e", "stderr", "-c", stage.WriteFile("backend.conf", NginxConfig.Backend(backend))];
        await StartAsync(new ProcessCommand("backend", words) { Cpu = BenchPlan.LoadCpu }, backend, stop);
        foreach (var contender in Contenders.All(stage, backend, skipped => log.Write($"# not measured: {Contender.Ours}: {skipped}")))
            _servers[contender] = await StartAsync(contender.Command, contender.Address, stop);
    }

    private async Task<ChildProcess> StartAsync(ProcessCommand command, IPEndPoint address, CancellationToken stop)
    {
        log.Write($"# start {command}");
        var process = stage.Start(command);
        await stage.UntilAnswersAsync(process, address, stop);
        return process;
    }

    /// <summary>Another one goes first in each round, so that none always follows the same neighbour's heat.</summary>
    private IEnumerable<Contender> InTurn(int round)
    {
        var all = _servers.Keys.ToArray();
        return Enumerable.Range(0, all.Length).Select(i => all[(i + round) % all.Length]);
    }

    private async Task FixedRateAsync(Contender contender, int round, CancellationToken stop)
    {
        var (figures, cpu) = await _measurement.FixedRateAsync(contender, _servers[contender], plan.FixedRateSeconds, stop);
        Keep(new Sample(Ratios.P99, contender.Name, round, figures.P99));
        Keep(new Sample(Ratios.CpuPerRequest, contender.Name, round, cpu));
    }

    private void Keep(Sample sample)
    {
        _samples.Add(sample);
        log.Write(sample.ToString());
    }
}
