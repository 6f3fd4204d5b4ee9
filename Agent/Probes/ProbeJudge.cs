namespace ClusterMesh.Agent.Probes;

internal enum NodeVerdict
{
    /// <summary>Never heard since this agent started: an older version, no agent, or probes are filtered. Counts as reachable.</summary>
    Unknown,
    Reachable,
    Unreachable,
}

/// <summary>What is thought of one node, from round to round of its probes. Times are of one monotonic clock. Pure.</summary>
internal sealed class ProbeJudge(ProbeRules rules, NodeVerdict first = NodeVerdict.Unknown)
{
    private int _times = first == NodeVerdict.Unreachable ? 1 : 0;
    private TimeSpan _reachableSince;
    private TimeSpan _answersSince;

    public NodeVerdict Verdict { get; private set; } = first;

    /// <summary>Silent rounds in a row, and when the first and the second of them began.</summary>
    public int Lost { get; private set; }

    public TimeSpan LostSince { get; private set; }

    public TimeSpan SecondLostAt { get; private set; }

    /// <summary>Rounds with an answer in a row, of a node that was gone.</summary>
    public int Answered { get; private set; }

    /// <summary>How long a node that was gone must answer until it is back.</summary>
    public TimeSpan ReturnAfter
    {
        get
        {
            var wait = rules.FirstReturn * Math.Pow(2, Math.Clamp(_times - 1, 0, 16));
            return wait < rules.LongestReturn ? wait : rules.LongestReturn;
        }
    }

    /// <summary>Somebody there answered a round that began then.</summary>
    public void Hear(TimeSpan began, TimeSpan now)
    {
        Lost = 0;
        if (Verdict == NodeVerdict.Reachable) return;
        if (Answered++ == 0) _answersSince = began;
        if (Verdict == NodeVerdict.Unreachable && (Answered < rules.Answers || now - _answersSince < ReturnAfter)) return;
        (Verdict, Answered, _reachableSince) = (NodeVerdict.Reachable, 0, now);
    }

    /// <summary>Nobody there answered a round that began then.</summary>
    public void Miss(TimeSpan began)
    {
        Answered = 0;
        if (Verdict == NodeVerdict.Unknown) return;
        Lost++;
        if (Lost == 1) LostSince = began;
        if (Lost <= 2) SecondLostAt = began;
    }

    /// <summary>Whether enough was lost to call it gone.</summary>
    public bool IsOverdue(bool kernelAnswers, TimeSpan now) =>
        Verdict == NodeVerdict.Reachable && Lost >= rules.Losses && (kernelAnswers || now - LostSince >= rules.Patience);

    public void CallGone(TimeSpan now)
    {
        var made = (int)Math.Min((now - _reachableSince) / rules.Decay, _times);
        (Verdict, Answered, _times) = (NodeVerdict.Unreachable, 0, _times - made + 1);
    }

    /// <summary>It was us who heard nothing: what was lost does not count.</summary>
    public void Forgive() => Lost = 0;
}
