namespace ClusterMesh.Drills.Tests.Lab;

/// <summary>The machine's clock, so much ahead or, below zero, behind: for a CA that is older than what it signs.</summary>
internal sealed class ShiftedTime(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
}
