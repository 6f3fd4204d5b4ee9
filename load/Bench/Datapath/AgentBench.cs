using System.Text.Json;
using ClusterMesh.DatapathBench.Agent;
using ClusterMesh.DatapathBench.Measuring;
using ClusterMesh.DatapathBench.Topology;

namespace ClusterMesh.DatapathBench;

/// <summary>What one agent takes of the node's memory with that many services of five backends each.</summary>
internal static class AgentBench
{
    private const int BackendsOfEach = 5;

    /// <param name="flags">Of the agent, besides what every one needs.</param>
    public static void Run(BenchSize size, IReadOnlyList<string> flags)
    {
        Print.Title($"an agent with {size.Services} services and {size.Services * BackendsOfEach} backends, {(flags.Count == 0 ? "no data path" : string.Join(' ', flags))}");
        var directory = Directory.CreateTempSubdirectory("clustermesh-bench-").FullName;
        try
        {
            using Node node = new(1), other = new(2);
            node.Connect(other);
            using (var empty = Start(node, Path.Combine(directory, "none"), 0, flags)) Print.Value("agent-memory-0-services", Settled(empty), "MiB");
            using var agent = Start(node, Path.Combine(directory, "all"), size.Services, flags);
            Print.Value($"agent-memory-{size.Services}-services", Settled(agent), "MiB");
            Print.Value($"agent-memory-{size.Services}-services-peak", agent.Memory("VmHWM"), "MiB");
            Print.Value($"agent-map-memory-{size.Services}-services", agent.MapMemory(), "MiB");
            // Asked for last: the page itself takes memory.
            using var state = JsonDocument.Parse(agent.Get("/state") ?? throw new InvalidOperationException("the agent has no state"));
            var services = state.RootElement.GetProperty("services").GetArrayLength();
            if (services != size.Services) throw new InvalidOperationException($"the agent knows {services} services of {size.Services}");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static AgentProcess Start(Node node, string manifests, int services, IReadOnlyList<string> flags)
    {
        Directory.CreateDirectory(manifests);
        ServiceManifests.Write(manifests, services, BackendsOfEach);
        return new(node.Netns, ["--cluster", "bench", "--cluster-id", "1", "--node", "bench-1", "--node-ip", node.Underlay, "--manifests", manifests, .. flags]);
    }

    private static double Settled(AgentProcess agent) => Wait.ForSteady(() => agent.Memory("VmRSS"), () => agent.Get("/readyz") is not null, () => agent.LastWords);
}
