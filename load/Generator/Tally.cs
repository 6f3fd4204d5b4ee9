namespace ClusterMesh.Load.Generator;

/// <summary>What a stretch of load saw. Not safe for several threads: <see cref="Recorder"/> is.</summary>
internal sealed class Tally
{
    /// <summary>Enough to find the cause, few enough to read.</summary>
    private const int KeptDetails = 10;

    public long Sent { get; set; }

    public long Ok { get; set; }

    public long Failed { get; private set; }

    /// <summary>Requests re-sent because the server had closed the idle connection they went out on; not failures.</summary>
    public long Reconnects { get; set; }

    /// <summary>Nanoseconds from the intended send time to the last byte, of good answers.</summary>
    public LogHistogram Latency { get; } = new();

    public SortedDictionary<FailureKind, long> Failures { get; } = [];

    public SortedDictionary<int, long> Statuses { get; } = [];

    public List<string> FailureDetails { get; } = [];

    public Shares Clusters { get; } = new();

    public Shares Versions { get; } = new();

    public Shares Targets { get; } = new();

    public void Fail(FailureKind kind, string detail)
    {
        Failed++;
        Failures[kind] = Failures.GetValueOrDefault(kind) + 1;
        Keep(detail);
    }

    public void Add(Tally other)
    {
        (Sent, Ok, Failed, Reconnects) = (Sent + other.Sent, Ok + other.Ok, Failed + other.Failed, Reconnects + other.Reconnects);
        Latency.Add(other.Latency);
        foreach (var (kind, count) in other.Failures)
            Failures[kind] = Failures.GetValueOrDefault(kind) + count;
        foreach (var (status, count) in other.Statuses)
            Statuses[status] = Statuses.GetValueOrDefault(status) + count;
        other.FailureDetails.ForEach(Keep);
        Clusters.Add(other.Clusters);
        Versions.Add(other.Versions);
        Targets.Add(other.Targets);
    }

    private void Keep(string detail)
    {
        if (FailureDetails.Count < KeptDetails)
            FailureDetails.Add(detail);
    }
}
