namespace ClusterMesh.Cli.Tests;

/// <summary>The machine's clock, so much ahead or, below zero, behind: for certificates that are old when they are made.</summary>
internal sealed class ShiftedTime(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
}
