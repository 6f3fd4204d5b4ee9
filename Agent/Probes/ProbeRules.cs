namespace ClusterMesh.Agent.Probes;

/// <summary>When a node counts as gone and as back (docs/decisions/probes.md). The defaults: gone within 1.9 s, back after 2.5 s.</summary>
internal sealed record ProbeRules
{
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Rounds of probes without any answer, in a row, until a node is gone.</summary>
    public int Losses { get; init; } = 3;

    /// <summary>
    /// How long a node may be silent whose kernel never answers us (ICMP is filtered): its agent is all that is heard of it, and that
    /// may be restarting.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Rounds with an answer, in a row, until a node that was gone is back.</summary>
    public int Answers { get; init; } = 5;

    /// <summary>How long they must last at least, after the first time; twice as long each further time.</summary>
    public TimeSpan FirstReturn { get; init; } = TimeSpan.FromSeconds(2.5);

    public TimeSpan LongestReturn { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Reachable for so long makes up for one time that it was gone.</summary>
    public TimeSpan Decay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a round waits for its answer; a later one counts for the round after.</summary>
    public TimeSpan Timeout => Interval * 0.8;

    /// <summary>Time between two rounds of one node, when there are that many: at most 1,000 probes a second.</summary>
    public TimeSpan IntervalFor(int nodes) => TimeSpan.FromMilliseconds(Math.Max(Interval.TotalMilliseconds, nodes));
}
