using ClusterMesh.Load.Generator;

namespace ClusterMesh.Load.Drills;

/// <summary>What a drill saw and whether that is what it demands.</summary>
internal sealed record DrillReport(string Name, Tally Total, IReadOnlyList<Check> Checks)
{
    public bool Passed => Checks.Count > 0 && Checks.All(c => c.Passed);
}
