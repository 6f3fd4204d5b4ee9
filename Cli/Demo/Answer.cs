namespace ClusterMesh.Cli.Demo;

/// <summary>What one request came back with: who answered (from the response's headers), or why it failed.</summary>
/// <param name="At">When it was complete, since the traffic's clock began; for a pod's new connection, when that began.</param>
internal sealed record Answer(TimeSpan At, string Cluster, string Version, string Pod, string? Failure = null)
{
    public static Answer Failed(TimeSpan at, string why) => new(at, "", "", "", why);
}
