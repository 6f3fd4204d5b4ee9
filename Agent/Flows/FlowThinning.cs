using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Agent.Flows;

/// <summary>
/// Keeps a flood from drowning the agent: the first drop of its kind is shown at once, those like it once a second with their number;
/// connections are shown one by one up to so many a second, then every hundredth. What is not shown at all is counted. Pure; one thread.
/// </summary>
internal sealed class FlowThinning(int linesPerSecond = 10_000, int kindsOfDrops = 4096)
{
    private const int Sample = 100;

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly Dictionary<DropKind, Repeated> _drops = [];
    private readonly List<DropKind> _over = [];
    private TimeSpan _begun;
    private int _lines;
    private long _beyond;
    private long _hidden;

    /// <summary>Adds what is to be shown now: at most one line.</summary>
    public void Take(in FlowEvent told, List<FlowLine> to)
    {
        if (told.Type == FlowType.Drop && !IsFirst(told)) return;
        if (_lines < linesPerSecond || ++_beyond % Sample == 0)
        {
            _lines++;
            to.Add(new(told));
        }
        else
        {
            _hidden++;
        }
    }

    /// <summary>When a second is over: adds what was repeated in it. Gives how many events were not shown in it, and are in no number of a line.</summary>
    public long Tick(TimeSpan now, List<FlowLine> to)
    {
        if (now - _begun < s_second) return 0;
        foreach (var (kind, repeated) in _drops)
        {
            if (repeated.Count == 0) _over.Add(kind);
            else to.Add(repeated.Take());
        }

        // Who was silent for a second is shown at once when it comes again.
        foreach (var kind in _over) _drops.Remove(kind);
        _over.Clear();
        var hidden = _hidden;
        (_begun, _lines, _beyond, _hidden) = (now, 0, 0, 0);
        return hidden;
    }

    private bool IsFirst(in FlowEvent told)
    {
        var kind = new DropKind(told.Source, told.Destination, told.DestinationPort, told.Protocol, told.Reason, told.Direction);
        if (_drops.TryGetValue(kind, out var repeated))
        {
            repeated.Add(told);
            return false;
        }

        if (_drops.Count < kindsOfDrops)
        {
            _drops.Add(kind, new());
            return true;
        }

        _hidden++;
        return false;
    }

    /// <summary>Whatever port they come from: a client that tries again takes another.</summary>
    private readonly record struct DropKind(Address Source, Address Destination, ushort Port, byte Protocol, byte Reason, Direction Direction);

    private sealed class Repeated
    {
        private FlowEvent _last;
        private long _packets, _bytes;

        public long Count { get; private set; }

        public void Add(in FlowEvent told) => (_last, _packets, _bytes, Count) = (told, _packets + told.Packets, _bytes + told.Bytes, Count + 1);

        public FlowLine Take()
        {
            var line = new FlowLine(_last, Count, _packets, _bytes);
            (_packets, _bytes, Count) = (0, 0, 0);
            return line;
        }
    }
}
