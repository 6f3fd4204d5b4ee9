namespace ClusterMesh.Load.Generator;

/// <summary>One request and how often it has been put on a wire.</summary>
/// <param name="intended">Latency counts from here, also when the send was late.</param>
internal sealed class Exchange(long intended, long deadline)
{
    public long Intended { get; } = intended;

    public long Deadline { get; } = deadline;

    /// <summary>Already re-sent because a reused connection turned out to be closed; that is done once.</summary>
    public bool Resent { get; set; }
}
