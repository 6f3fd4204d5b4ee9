using System.Diagnostics.Metrics;
using ClusterMesh.Agent.Hosting;
using ClusterMesh.Agent.Options;

namespace ClusterMesh.Agent.Admin;

/// <summary>The agent's own figures, read when a scraper asks; under Cilium's name where there is one (cilium.md 5).</summary>
internal sealed class AgentMeter : IDisposable
{
    private readonly Meter _meter = new("ClusterMesh.Agent");

    public AgentMeter(AgentOptions options, AgentParts parts)
    {
        KeyValuePair<string, object?>[] own = [new("source_cluster", options.Cluster), new("source_node_name", options.Node)];
        Gauge("cilium_clustermesh_global_services", () => parts.Latest?.Services.Values.LongCount(service => service.Mode.Global) ?? 0, "Global services of this cluster.");
        Gauge("clustermesh_agent_ready", () => parts.State == "ready" ? 1 : 0, "1 = snapshots go out to the proxies.");
        Gauge("clustermesh_agent_followers", () => parts.Hub.Followers, "Proxies that follow this agent's snapshots.");
        Gauge("clustermesh_agent_leader", () => parts.Publisher?.Status.IsLeader == true ? 1 : 0, "1 = this agent has the cluster-wide duties.");
        Gauge("clustermesh_snapshot_version", () => parts.Latest?.Version ?? 0, "Version of the newest snapshot.");
        Gauge("clustermesh_problems", () => parts.Latest?.Problems.Length ?? 0, "Things that are wrong in the objects in force; /state lists them.");

        void Gauge(string name, Func<long> value, string description) => _meter.CreateObservableGauge(name, () => new Measurement<long>(value(), own), null, description);
    }

    public void Dispose() => _meter.Dispose();
}
