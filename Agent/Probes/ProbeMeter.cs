using System.Diagnostics.Metrics;

namespace ClusterMesh.Agent.Probes;

/// <summary>The meter "ClusterMesh.Probes": Cilium's series under Cilium's names (cilium.md 5), with the target's cluster, and our own.</summary>
internal sealed class ProbeMeter : IDisposable
{
    private readonly Meter _meter = new("ClusterMesh.Probes");
    private readonly KeyValuePair<string, object?>[] _own;
    private readonly Histogram<double> _latency;
    private readonly Counter<long> _sent, _ignored;

    public ProbeMeter(string cluster, string node, Func<NodeReachability> current, Func<bool> isCutOff)
    {
        _own = [new("source_cluster", cluster), new("source_node_name", node)];
        _meter.CreateObservableGauge("cilium_node_health_connectivity_status", () => Statuses(current()), null, "Nodes by what the probes found: reachable, unreachable or unknown.");
        _meter.CreateObservableGauge("clustermesh_node_cut_off", () => new Measurement<long>(isCutOff() ? 1 : 0, _own), null, "1 = nobody answers this node's probes, so nobody is called gone.");
        _latency = _meter.CreateHistogram<double>("cilium_node_health_connectivity_latency", "s", "Round-trip time of the probes.");
        _sent = _meter.CreateCounter<long>("clustermesh_probes_sent", null, "Probes sent, by protocol.");
        _ignored = _meter.CreateCounter<long>("clustermesh_probes_ignored", null, "Packets at the probe port that were not answered or not believed, by reason.");
    }

    public void Sent(bool echo) => _sent.Add(1, new KeyValuePair<string, object?>("protocol", echo ? "icmp" : "udp"));

    public void Answered(TimeSpan rtt, string cluster) => _latency.Record(rtt.TotalSeconds, [.. _own, new("target_cluster", cluster), new("protocol", "udp")]);

    public void Ignored(string reason) => _ignored.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Statuses(NodeReachability current) => current.Nodes
        .Where(node => node.Value.State != "local")
        .GroupBy(node => (Cluster: node.Key[..node.Key.IndexOf('/')], node.Value.State))
        .Select(group => new Measurement<long>(group.LongCount(), [.. _own, new("target_cluster", group.Key.Cluster), new("type", "node"), new("status", group.Key.State)]));
}
