using System.Collections.Immutable;
using System.Globalization;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Probes;

/// <summary>What the probes found, in words for people and for the service tables.</summary>
/// <param name="zero">When the monotonic clock of the probes was zero.</param>
/// <param name="gone">Names of those that were gone before that. They are, too, while their clusters are still being heard.</param>
internal sealed class HealthReport(ProbeRules rules, DateTimeOffset zero, string ownName, IReadOnlySet<string> gone)
{
    private const string WasGone = "was gone before this agent started, and has not answered since";

    /// <summary>Who is not known by then is no node any more.</summary>
    private static readonly TimeSpan s_heard = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, (string State, DateTimeOffset Since)> _since = new(StringComparer.Ordinal);

    /// <summary>One thread at a time.</summary>
    public NodeReachability Read(ProbeBoard board, TimeSpan now)
    {
        var nodes = NodeReachability.Unknown.Nodes.ToBuilder();
        foreach (var node in board.Nodes)
        {
            var state = node.Judge.Verdict.ToString().ToLowerInvariant();
            nodes[node.Name] = new(state, Reason(node, board.IsCutOff), Since(node.Name, state, now), (long?)node.Rtt?.TotalMicroseconds);
        }

        foreach (var name in gone.Where(_ => now < s_heard))
            if (!nodes.ContainsKey(name)) nodes[name] = new("unreachable", WasGone, zero, null);
        nodes[ownName] = new("local", null, zero, null);
        foreach (var name in _since.Keys.Where(name => !nodes.ContainsKey(name)).ToList()) _since.Remove(name);
        return new(nodes.ToImmutable()) { Unheard = Unheard(board) };
    }

    private ImmutableHashSet<string> Unheard(ProbeBoard board) =>
        gone.Count == 0 ? [] : gone.Select(name => name[..Math.Max(0, name.IndexOf('/'))]).Except(board.Nodes.Select(node => node.Target.Cluster)).ToImmutableHashSet(StringComparer.Ordinal);

    private DateTimeOffset Since(string name, string state, TimeSpan now)
    {
        if (_since.TryGetValue(name, out var known) && known.State == state) return known.Since;
        var since = zero + now;
        _since[name] = (state, since);
        return since;
    }

    private string? Reason(ProbedNode node, bool cutOff) => node.Judge switch
    {
        { Verdict: NodeVerdict.Unknown } => "has not answered since this agent started; counts as reachable",
        { Verdict: NodeVerdict.Unreachable, Answered: > 0 and var answers } judge =>
            string.Create(CultureInfo.InvariantCulture, $"answers again, {answers} times in a row; counts as reachable after {judge.ReturnAfter.TotalSeconds:0.#} s without a loss"),
        { Verdict: NodeVerdict.Unreachable, Lost: 0 } => WasGone,
        { Verdict: NodeVerdict.Unreachable } judge => $"{Lost(judge)}, by its agent and its kernel",
        { Lost: > 0 } judge when cutOff => $"{Lost(judge)}, as all others: this node seems to be cut off, so all stay as they were",
        { Lost: > 0 } judge when judge.Lost >= rules.Losses => $"{Lost(judge)}; its kernel never answers, so it has {rules.Patience.TotalSeconds:0} s",
        _ => null,
    };

    private string Lost(ProbeJudge judge) =>
        string.Create(CultureInfo.InvariantCulture, $"{judge.Lost} of {judge.Lost} probes lost since {zero + judge.LostSince:HH:mm:ss.f}");
}
