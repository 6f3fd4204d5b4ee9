using System.Text.Json;
using ClusterMesh.Bpf.Tests;
using ClusterMesh.Bpf.Tests.Lab;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Tests;

namespace ClusterMesh.Agent.Tests.Node;

/// <summary>Real agents that probe each other, and tell what their kernels pass and drop.</summary>
public sealed class FlowsAndProbesTests
{
    [KernelFact]
    public async Task Nodes_CutOffAndConnectedAgain_AreGoneAndBackAndAnAgentsDeathChangesNothing()
    {
        using var clusters = await TwoClusters.StartAsync();
        var (west, east) = (clusters.West, clusters.East);
        await IsAsync(west, "reachable");
        await IsAsync(east, "reachable", "west/n1");

        // The kernel answers while the agent is away, for longer than a node may be silent.
        east.Agent.Kill();
        var since = (await HealthAsync(west, "east/n2")).Since;
        var silent = TimeProvider.System.GetTimestamp();
        await Eventually.TrueAsync(() => TimeProvider.System.GetElapsedTime(silent) > TimeSpan.FromSeconds(4), "the agent was away for long enough");
        Assert.Equal(("reachable", since), ((await HealthAsync(west, "east/n2")).State, (await HealthAsync(west, "east/n2")).Since));
        east.StartAgent();
        await east.ReadyAsync();
        await IsAsync(east, "reachable", "west/n1");

        east.Netns.Run("link set eth0 down");
        await IsAsync(west, "unreachable");
        Assert.Matches("^3 of 3 probes lost since", (await HealthAsync(west, "east/n2")).Reason);

        // A new life of the agent knows who was gone.
        west.Agent.Kill();
        west.StartAgent("--sync-timeout", "1s");
        await west.ReadyAsync();
        Assert.DoesNotContain("\"state\":\"reachable\"", await west.GetAsync("/nodes"), StringComparison.Ordinal);

        east.Netns.Run("link set eth0 up");
        await IsAsync(west, "reachable");
    }

    [KernelFact]
    public async Task Flows_OfAConnectionAndADrop_HaveNamesAndClusters()
    {
        using var clusters = await TwoClusters.StartAsync();
        var (west, east) = (clusters.West, clusters.East);
        var client = await west.AddPodAsync("client", "app: client");
        var server = await east.AddPodAsync("server", "app: server");
        await west.IdentifiedAsync("client");
        await east.IdentifiedAsync("server");
        var identity = (await east.EndpointAsync("server")).Identity;
        using var listener = server.ListenTcp(80);
        await Eventually.TrueAsync(
            async () =>
            {
                using var connection = await client.ConnectAsync(server, 80);
                return (await FlowsAsync(west, "from-pod=default/client&to-cluster=east&port=80&type=new-connection")).Any(flow => flow.Destination.Pod == "server" && flow.Destination.Identity == identity && flow.Destination.Labels.Contains("k8s:app=server"));
            },
            "the connection is told with both names");
        using var open = await client.ConnectAsync(server, 80);

        east.Apply("policy", """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: { name: deny, namespace: default }
            spec: { podSelector: {}, policyTypes: [Ingress] }
            """);
        using var pinger = new Pinger(client, server);
        await Eventually.TrueAsync(async () => (await FlowsAsync(east, "verdict=DROPPED&to-pod=default/server&from-cluster=west")).Count > 0, "the drop is told");
        var drop = (await FlowsAsync(east, "verdict=DROPPED&to-pod=default/server&from-cluster=west"))[0];
        Assert.Equal(("drop", "Policy denied", 133, "ingress", "client", "west", "east/n2"), (drop.Type, drop.Reason, drop.ReasonCode, drop.Direction, drop.Source.Pod, drop.Source.Cluster, drop.Node));
        Assert.InRange(TimeProvider.System.GetUtcNow() - drop.Time, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(
            async () => PrometheusPage.Parse(await east.GetAsync("/metrics")) is var metrics && metrics.All("hubble_drop_total", ("reason", "Policy denied")).Any(sample => sample.Value > 0)
                && metrics.All("cilium_node_health_connectivity_status", ("target_cluster", "west"), ("status", "reachable")).Any(sample => sample.Value == 1),
            "the drop is counted and the other node is reachable");
        PrometheusPage page = null!;
        // Its first sweep may have come before the connections, and the second is a minute away: an agent that starts finds them all.
        west.Agent.Kill();
        west.StartAgent();
        await west.ReadyAsync();
        await Eventually.TrueAsync(async () => IsSwept(page = PrometheusPage.Parse(await west.GetAsync("/metrics"))), "connections are swept and counted by state", 30);
        Assert.Equal((int)Bpf.Contract.Limits.MaxConnections, page.Value("clustermesh_bpf_map_capacity", ("map_name", "connections")));
        Assert.Equal(0, page.Value("clustermesh_bpf_map_entries", ("map_name", "slots")));
    }

    /// <summary>Every state is told; the connection that is open is counted, and the pings.</summary>
    private static bool IsSwept(PrometheusPage page) =>
        page.All("clustermesh_connections").Count == 5 && new[] { "established", "other" }.All(state => page.All("clustermesh_connections", ("state", state)).Single().Value > 0);

    private static Task IsAsync(AgentNode asked, string state, string node = "east/n2") =>
        Eventually.TrueAsync(async () => (await HealthAsync(asked, node)).State == state, $"{node} is {state}", 30);

    private static async Task<NodeHealthStatus> HealthAsync(AgentNode asked, string node) =>
        JsonSerializer.Deserialize(await asked.GetAsync("/nodes"), StatusJson.Default.IReadOnlyListNodeStatus)!
            .FirstOrDefault(known => $"{known.Cluster}/{known.Name}" == node)?.Health ?? new("not known", null, default, null);

    private static async Task<List<FlowStatus>> FlowsAsync(AgentNode asked, string query) =>
        [.. (await asked.GetAsync($"/flows?{query}")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize(line, StatusJson.Default.FlowStatus)!)];
}
