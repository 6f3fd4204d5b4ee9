using System.Net;
using ClusterMesh.Agent.Probes;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Tests.Probes;

/// <summary>A board and the nodes it probes, on a clock that a test moves: who is silent, and whose kernel alone answers, is up to the test.</summary>
internal sealed class ProbeFieldRun
{
    private static readonly DateTimeOffset s_noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly HealthReport _report;
    private readonly List<(TimeSpan At, Action Happen)> _coming = [];

    /// <summary>Before its start.</summary>
    public static IReadOnlySet<string> Gone { get; } = new HashSet<string> { "north/was-gone" };

    public ProbeFieldRun(string own, params string[] nodes)
    {
        (Cluster, Rules) = (own[..own.IndexOf('/')], new());
        Board = new(Rules, Cluster, Gone);
        _report = new(Rules, s_noon, own, Gone);
        Targets = [.. nodes.Select((name, at) => new ProbeTarget(name[..name.IndexOf('/')], name[(name.IndexOf('/') + 1)..], new IPAddress([127, 0, (byte)(at >> 8), (byte)(at + 2)])))];
        Board.Know(Targets, Now);
    }

    public string Cluster { get; }

    public ProbeRules Rules { get; }

    public ProbeBoard Board { get; }

    public IReadOnlyList<ProbeTarget> Targets { get; }

    public TimeSpan Now { get; private set; }

    /// <summary>Names, or clusters with a slash behind, of those that answer nothing.</summary>
    public HashSet<string> Silent { get; } = new(StringComparer.Ordinal);

    /// <summary>Those whose agent is away while the node is there.</summary>
    public HashSet<string> AgentAway { get; } = new(StringComparer.Ordinal);

    /// <summary>Those whose kernel answers no echo request and refuses nothing.</summary>
    public HashSet<string> Filtered { get; } = new(StringComparer.Ordinal);

    public TimeSpan Rtt { get; set; } = TimeSpan.FromMilliseconds(1);

    public int Sent { get; private set; }

    public int Changes { get; private set; }

    public ProbeFieldRun Run(double seconds)
    {
        for (var end = Now + TimeSpan.FromSeconds(seconds); Now < end; Now += TimeSpan.FromMilliseconds(20))
        {
            foreach (var (_, happen) in _coming.Where(coming => coming.At <= Now)) happen();
            _coming.RemoveAll(coming => coming.At <= Now);
            if (Board.Judge(Now)) Changes++;
            foreach (var order in Board.Due(Now)) Send(order);
        }

        return this;
    }

    /// <summary>How long until it is in that state.</summary>
    public double Until(string node, string state)
    {
        var begun = Now;
        while (Health(node).State != state)
        {
            Assert.True(Now - begun < TimeSpan.FromMinutes(3), $"{node} is not {state} after three minutes");
            Run(0.02);
        }

        return (Now - begun).TotalSeconds;
    }

    public NodeReachability Read() => _report.Read(Board, Now);

    public NodeHealthStatus Health(string node) => Read().Nodes[node];

    private void Send(ProbeOrder order)
    {
        Sent++;
        var (name, address, sequence) = (order.Node.Name, order.Node.Target.Address, order.Node.Sequence);
        if (Silent.Contains(name) || Silent.Contains($"{order.Node.Target.Cluster}/")) return;
        if (order.IsEcho ? !Filtered.Contains(name) : AgentAway.Contains(name) && !Filtered.Contains(name))
            _coming.Add((Now + Rtt, () => Board.HearKernel(address, Now)));
        else if (!order.IsEcho && !AgentAway.Contains(name))
            _coming.Add((Now + Rtt, () => Board.HearAgent(address, sequence, ProbePacket.Hash(name), Now)));
    }
}
