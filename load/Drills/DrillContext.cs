using ClusterMesh.Load.Generator;
using ClusterMesh.Load.Processes;

namespace ClusterMesh.Load.Drills;

/// <summary>What a playing drill acts on and writes its checks to.</summary>
internal sealed class DrillContext(Stage stage, Scene scene)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    public Stage Stage => stage;

    public Scene Scene => scene;

    public TimeProvider Time => TimeProvider.System;

    public List<Check> Checks { get; } = [];

    /// <summary>The processes of the local cluster's backends.</summary>
    public IReadOnlyList<ChildProcess> Local { get; set; } = [];

    public List<Gateway> Gateways { get; } = [];

    public LoadRun Load { get; set; } = null!;

    public void Say(string line) => Console.WriteLine($"  {line}");

    public void KillLocal()
    {
        foreach (var process in Local)
            process.Kill();
        Say($"killed {string.Join(", ", Local.Select(p => $"{p.Name} ({p.Id})"))}");
    }

    /// <summary>What the load sees from now on, for so long.</summary>
    public async Task<Tally> ObserveAsync(TimeSpan length, CancellationToken stop)
    {
        Load.Recorder.Cut();
        await Task.Delay(length, Time, stop);
        return Load.Recorder.Cut();
    }

    /// <summary>Checks that within a time every answer comes from one cluster.</summary>
    public async Task ExpectSwitchAsync(string what, string cluster, TimeSpan within, CancellationToken stop)
    {
        Load.Recorder.Cut();
        var took = await Until.TrueAsync(() => Task.FromResult(AllFrom(cluster)), within, Step, stop);
        Checks.Add(Check.Within($"{what}: {cluster} takes all", took, within));
    }

    /// <summary>Checks that a window sees answers of one cluster only.</summary>
    public async Task ExpectOnlyAsync(string what, string cluster, TimeSpan length, CancellationToken stop)
    {
        var window = await ObserveAsync(length, stop);
        Checks.Add(Check.All(what, window.Clusters, cluster));
    }

    private bool AllFrom(string cluster)
    {
        var seen = Load.Recorder.Cut().Clusters;
        return seen.Total > 0 && seen.CountOf(cluster) == seen.Total;
    }
}
