namespace ClusterMesh.Load.Bench;

/// <summary>How long everything is measured.</summary>
/// <param name="WarmUpSeconds">Load on each server before anything counts: tiered PGO needs more than 10 s.</param>
/// <param name="Rounds">All sides take turns in each round.</param>
internal sealed record BenchPlan(int WarmUpSeconds, int Rounds, int ThroughputSeconds, int FixedRateSeconds)
{
    public const int Connections = 64;
    public const int FixedRate = 5000;
    public const int FixedRateWarmUpSeconds = 1;

    public const int ServerCpu = 0;
    public const int LoadCpu = 1;

    public static readonly BenchPlan Full = new(14, 5, 6, 8);

    /// <summary>Tries the harness; its figures mean nothing.</summary>
    public static readonly BenchPlan Quick = new(2, 2, 1, 2);
}
