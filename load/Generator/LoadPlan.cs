using ClusterMesh.Load.Http;

namespace ClusterMesh.Load.Generator;

/// <summary>How to load: the targets get requests in turn while they are ready.</summary>
internal sealed record LoadPlan(int RatePerSecond, IReadOnlyList<Target> Targets)
{
    /// <summary>From the intended send time.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public ConnectionLimits Connections { get; init; } = ConnectionLimits.Default;
}
