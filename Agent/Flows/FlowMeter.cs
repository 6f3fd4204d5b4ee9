using System.Diagnostics.Metrics;
using ClusterMesh.Agent.Datapath;
using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Agent.Flows;

/// <summary>The meter "ClusterMesh.Flows": Hubble's series under Hubble's names (cilium.md 5), of all events, shown or not.</summary>
internal sealed class FlowMeter : IDisposable
{
    public const string KernelRing = "perf_event_ring_buffer", Budget = "observer_events_queue", Proxy = "proxy", Follower = "hubble_ring_buffer";

    private readonly Meter _meter = new("ClusterMesh.Flows");
    private readonly Counter<long> _processed, _drops, _lost;

    public FlowMeter()
    {
        _processed = _meter.CreateCounter<long>("hubble_flows_processed", null, "Flow events of the data path, by type, verdict and protocol.");
        _drops = _meter.CreateCounter<long>("hubble_drop", null, "Drops, by reason and protocol.");
        _lost = _meter.CreateCounter<long>("hubble_lost_events", null, "Events that were not shown: the kernel's ring was full, there were too many in a second, a follower was too slow, or a proxy could not tell them.");
    }

    public void Processed(in FlowEvent told)
    {
        var protocol = new KeyValuePair<string, object?>("protocol", ProtocolWords.Protocol(told.Protocol));
        _processed.Add(1, new("type", FlowWriter.TypeWord(told.Type)), new("verdict", FlowWriter.Verdict(told.Type)), protocol);
        if (told.Type == FlowType.Drop) _drops.Add(1, new("reason", DropReasonText.Of(told.Reason)), protocol);
    }

    public void Requests(long count, bool denied)
    {
        var protocol = new KeyValuePair<string, object?>("protocol", ProtocolWords.Http);
        _processed.Add(count, new("type", FlowWriter.TypeWord(FlowType.L7)), new("verdict", FlowWriter.Verdict(denied ? FlowType.Drop : FlowType.L7)), protocol);
        if (denied) _drops.Add(count, new("reason", DropReasonText.Of((byte)DropReason.Policy)), protocol);
    }

    public void Lost(long count, string source) => _lost.Add(count, new KeyValuePair<string, object?>("source", source));

    public void Dispose() => _meter.Dispose();
}
