namespace ClusterMesh.Tests;

/// <summary>The machine's clock, so much ahead or, below zero, behind: for certificates that are older than what they are for.</summary>
internal sealed class ShiftedTime(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
}
