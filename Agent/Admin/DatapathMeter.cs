using System.Diagnostics.Metrics;
using ClusterMesh.Agent.Datapath;
using ClusterMesh.Bpf.Connections;
using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Agent.Admin;

/// <summary>What the programs counted, and how full the maps are; under Cilium's names where there are such. Read when a scraper asks.</summary>
internal sealed class DatapathMeter : IDisposable
{
    private readonly Meter _meter = new("ClusterMesh.Agent.Datapath");
    private readonly NodeDatapath _datapath;

    /// <param name="swept">What the last sweep of connections found; null before the first.</param>
    public DatapathMeter(NodeDatapath datapath, DatapathView view, Func<ConnectionSweep?> swept)
    {
        _datapath = datapath;
        Counter("cilium_drop_count", "Dropped packets, by reason and direction.", DropReasonText.IsDrop, metric => metric.Packets);
        Counter("cilium_drop_bytes", "Dropped bytes, by reason and direction.", DropReasonText.IsDrop, metric => metric.Bytes);
        Counter("cilium_forward_count", "Forwarded packets, by way and direction.", IsForward, metric => metric.Packets);
        Counter("cilium_forward_bytes", "Forwarded bytes, by way and direction.", IsForward, metric => metric.Bytes);
        Counter("clustermesh_datapath_events", "What else the programs counted, by kind and direction.", reason => !DropReasonText.IsDrop(reason) && !IsForward(reason), metric => metric.Packets);
        _meter.CreateObservableGauge("clustermesh_proxy_present", () => datapath.Kernel.HasProxy ? 1 : 0, null, "1 = a proxy of this node takes L7 connections.");
        _meter.CreateObservableGauge("clustermesh_endpoints", () => view.Endpoints().CountBy(endpoint => endpoint.State).Select(pair => new Measurement<long>(pair.Value, [new("state", pair.Key)])), null, "Endpoints of this node, by state.");
        _meter.CreateObservableGauge("clustermesh_connections", () => swept()?.Live.Select(pair => new Measurement<long>(pair.Value, [new("state", Word(pair.Key))])) ?? [], null, "Connections of the data path, by state, at the last sweep.");
        var maps = new MapUse(datapath, swept);
        _meter.CreateObservableGauge("clustermesh_bpf_map_entries", () => maps.Read().Select(map => Of(map.Name, map.Entries)), null, "Entries in a map.");
        _meter.CreateObservableGauge("clustermesh_bpf_map_capacity", () => MapUse.Capacities.Select(map => Of(map.Name, (long)map.Most)), null, "How many entries a map takes.");
    }

    public void Dispose() => _meter.Dispose();

    private static bool IsForward(byte reason) => (PassReason)reason is PassReason.Local or PassReason.Tunnel or PassReason.Stack or PassReason.Arp or PassReason.Proxy;

    private static Measurement<long> Of(string map, long value) => new(value, [new("map_name", map)]);

    private static string Word(ConnectionState state) => state.ToString().ToLowerInvariant();

    private void Counter(string name, string description, Func<byte, bool> counts, Func<Metric, ulong> value) => _meter.CreateObservableCounter(
        name, () => _datapath.Kernel.Metrics.Read().Where(row => counts(row.Reason))
            .Select(row => new Measurement<long>((long)value(row.Metric), [new("reason", Reason(row.Reason)), new("direction", DropReasonText.Of(row.Direction))])), null, description);

    private static string Reason(byte reason) => DropReasonText.IsDrop(reason) ? DropReasonText.Of(reason) : ((PassReason)reason).ToString();
}
