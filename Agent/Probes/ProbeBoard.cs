using System.Net;

namespace ClusterMesh.Agent.Probes;

/// <summary>What is to be sent now to a node: the question of this round to its agent, or an echo request to its kernel.</summary>
internal readonly record struct ProbeOrder(ProbedNode Node, bool IsEcho);

/// <summary>
/// All nodes that are probed: whose turn it is, who was heard, and who is gone. Decides and never waits; times are of one monotonic
/// clock. One thread at a time.
/// </summary>
/// <param name="gone">Names of those that were gone before this agent started: they are, until they answer again.</param>
internal sealed class ProbeBoard(ProbeRules rules, string cluster, IReadOnlySet<string> gone)
{
    /// <summary>Neighbours in the own cluster that must be silent with everybody else until it is rather us who are cut off.</summary>
    private const int Witnesses = 2;

    /// <summary>Echo requests in a round of a node that is not heard; one where so many are silent that they would be a load.</summary>
    private const int Echos = 3, ManySuspects = 200;

    private readonly Dictionary<IPAddress, ProbedNode> _nodes = [];
    private TimeSpan _lastHeard = TimeSpan.MinValue;
    private int _suspects;
    private bool _toldCutOff;

    public IEnumerable<ProbedNode> Nodes => _nodes.Values;

    public bool Knows(IPAddress address) => _nodes.ContainsKey(address);

    /// <summary>Of a node that is known.</summary>
    public string ClusterOf(IPAddress address) => _nodes[address].Target.Cluster;

    /// <summary>Nobody answers, neighbours included: nobody is called gone until somebody is heard again.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>The nodes that there are. Of several with one address the first is probed. True: another set than before.</summary>
    public bool Know(IReadOnlyList<ProbeTarget> targets, TimeSpan now)
    {
        var changed = false;
        var named = new Dictionary<IPAddress, ProbeTarget>(targets.Count);
        foreach (var target in targets) named.TryAdd(target.Address, target);
        foreach (var (address, node) in _nodes)
            if (!named.TryGetValue(address, out var target) || target != node.Target)
                changed |= _nodes.Remove(address);
        var interval = rules.IntervalFor(named.Count);
        foreach (var target in named.Values.Where(target => !_nodes.ContainsKey(target.Address)))
        {
            // Spread over the interval, so that not all are asked in one moment.
            var share = (uint)ProbePacket.Hash(target.Name) / (double)uint.MaxValue;
            _nodes.Add(target.Address, new(target, new(rules, gone.Contains(target.Name) ? NodeVerdict.Unreachable : NodeVerdict.Unknown), now + interval * share));
            changed = true;
        }

        return changed;
    }

    /// <summary>What is due to be sent.</summary>
    public IEnumerable<ProbeOrder> Due(TimeSpan now)
    {
        var (interval, echos) = (rules.IntervalFor(_nodes.Count), _suspects > ManySuspects ? 1 : Echos);
        foreach (var node in _nodes.Values)
        {
            if (!node.IsOpen && node.NextRound <= now)
            {
                node.Begin(now, interval, echos);
                yield return new(node, IsEcho: false);
            }

            if (node.EchosLeft == 0 || node.NextEcho > now) continue;
            node.SendEcho(now + rules.Timeout / Echos);
            yield return new(node, IsEcho: true);
        }
    }

    /// <summary>The round-trip time; null: no such node, or not to a question that we remember.</summary>
    public TimeSpan? HearAgent(IPAddress address, uint sequence, ulong name, TimeSpan now)
    {
        if (!_nodes.TryGetValue(address, out var node) || name != node.NameHash || !node.HearAgent(sequence, now)) return null;
        Heard(now);
        return node.Rtt;
    }

    public bool HearKernel(IPAddress address, TimeSpan now)
    {
        if (!_nodes.TryGetValue(address, out var node)) return false;
        node.HearKernel();
        Heard(now);
        return true;
    }

    /// <summary>Judges the rounds whose time is over. True: somebody is gone or back, or we are cut off or no longer.</summary>
    public bool Judge(TimeSpan now)
    {
        var changed = false;
        bool? cutOff = null;
        // Who was just not heard is asked again as soon as the rules allow, however many nodes there are.
        var hurried = rules.IntervalFor(_suspects);
        foreach (var node in _nodes.Values)
        {
            if (!node.IsOpen || now - node.Began < rules.Timeout) continue;
            var before = (node.Judge.Verdict, node.Judge.Answered > 0);
            node.Close(now);
            if (IsSuspect(node)) node.Hurry(hurried);
            if (node.Judge.IsOverdue(node.KernelAnswers, now))
            {
                var held = _lastHeard <= node.Judge.SecondLostAt && HasWitnesses();
                if (!held) node.Judge.CallGone(now);
                cutOff = held || cutOff == true;
            }

            changed |= before != (node.Judge.Verdict, node.Judge.Answered > 0);
        }

        IsCutOff = cutOff ?? IsCutOff;
        _suspects = _nodes.Values.Count(IsSuspect);
        changed |= _toldCutOff != IsCutOff;
        _toldCutOff = IsCutOff;
        return changed;
    }

    private static bool IsSuspect(ProbedNode node) => node.Judge is { Lost: > 0, Verdict: NodeVerdict.Reachable };

    private void Heard(TimeSpan now)
    {
        _lastHeard = now;
        if (!IsCutOff) return;
        IsCutOff = false;
        foreach (var node in _nodes.Values) node.Forgive();
    }

    private bool HasWitnesses() =>
        _nodes.Values.Count(node => node.Target.Cluster == cluster && node.Judge.Verdict == NodeVerdict.Reachable) >= Witnesses;
}
