using System.Net.Sockets;
using ClusterMesh.Bpf.Tests;
using ClusterMesh.Bpf.Tests.Lab;
using ClusterMesh.Tests;

namespace ClusterMesh.Agent.Tests.Node;

/// <summary>Real agents, real etcds, real pods.</summary>
public sealed class TwoClustersTests
{
    [KernelTheory]
    [InlineData("tunnel", 1450)]
    [InlineData("direct", 1500)]
    [InlineData("hybrid", 1450)]
    public async Task Pods_OfTwoClusters_ReachEachOther(string routing, int mtu)
    {
        using var clusters = await TwoClusters.StartAsync("--routing", routing);
        var client = await clusters.West.AddPodAsync("client", "app: client");
        var server = await clusters.East.AddPodAsync("server", "app: server");
        await clusters.West.IdentifiedAsync("client");
        await clusters.East.IdentifiedAsync("server");
        Assert.Equal(mtu, (await clusters.East.EndpointAsync("server")).Mtu);
        using var pinger = new Pinger(client, server);
        await Eventually.TrueAsync(() => pinger.Answered > 0, "a ping comes through");
        using var listener = server.ListenTcp(80);
        using var connection = await client.ConnectAsync(server, 80);
        Assert.Contains($"\"via\":\"{(routing == "tunnel" ? "tunnel" : "direct")}\"", await clusters.West.GetAsync("/bpf/tunnel"), StringComparison.Ordinal);
        Assert.Contains("pod east/default/server", await clusters.West.GetAsync("/bpf/ipcache"), StringComparison.Ordinal);
    }

    [KernelFact]
    public async Task Policy_WrittenAndTakenAway_IsInForceAtOnce()
    {
        using var clusters = await TwoClusters.StartAsync();
        var (west, east) = (clusters.West, clusters.East);
        var friend = await west.AddPodAsync("friend", "app: friend");
        var stranger = await west.AddPodAsync("stranger", "app: stranger");
        var server = await east.AddPodAsync("server", "app: server");
        await west.IdentifiedAsync("friend");
        await west.IdentifiedAsync("stranger");
        await east.IdentifiedAsync("server");
        using var listener = server.ListenTcp(80);
        await ReachesAsync(friend, server, true);
        await ReachesAsync(stranger, server, true);

        east.Apply("policy", """
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: { name: friends, namespace: default }
            spec:
              endpointSelector: { matchLabels: { app: server } }
              ingress:
              - fromEndpoints: [{ matchLabels: { app: friend, io.cilium.k8s.policy.cluster: west } }]
                toPorts: [{ ports: [{ port: "80", protocol: TCP }] }]
            """);
        await ReachesAsync(stranger, server, false);
        await ReachesAsync(friend, server, true);
        Assert.Equal(["CiliumNetworkPolicy default/friends"], (await east.EndpointAsync("server")).IngressPolicy);
        var entries = await east.GetAsync($"/bpf/policy/{server.Id}");
        Assert.Contains("\"port\":\"80/TCP\",\"rule\":\"CiliumNetworkPolicy default/friends", entries, StringComparison.Ordinal);
        Assert.Contains("k8s:app=friend", entries, StringComparison.Ordinal);
        var page = await east.GetAsync("/metrics");
        Assert.True(PrometheusPage.Parse(page).Value("cilium_drop_count_total", ("reason", "Policy denied"), ("direction", "INGRESS")) > 0);

        east.Remove("policy");
        await ReachesAsync(stranger, server, true);
    }

    [KernelFact]
    public async Task Agent_KilledAndStartedAgain_LosesNoPacketAndFindsItsEndpoints()
    {
        using var clusters = await TwoClusters.StartAsync();
        var (west, east) = (clusters.West, clusters.East);
        var client = await west.AddPodAsync("client", "app: client");
        var server = await east.AddPodAsync("server", "app: server");
        east.Apply("policy", """
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: { name: clients, namespace: default }
            spec:
              endpointSelector: { matchLabels: { app: server } }
              ingress: [{ fromEndpoints: [{ matchLabels: { app: client, io.cilium.k8s.policy.cluster: west } }] }]
            """);
        await west.IdentifiedAsync("client");
        await east.IdentifiedAsync("server");
        await Eventually.TrueAsync(async () => (await east.EndpointAsync("server")).IngressPolicy.Count == 1, "the policy is in force");
        using var listener = server.ListenTcp(80);
        using var connection = await client.ConnectAsync(server, 80);
        var before = await east.EndpointAsync("server");
        var policy = await east.GetAsync($"/bpf/policy/{before.Id}");
        using var pinger = new Pinger(client, server);
        await Eventually.TrueAsync(() => pinger.Answered > 0, "the first ping");
        for (var round = 0; round < 2; round++)
        {
            west.Agent.Kill();
            east.Agent.Kill();
            var answered = pinger.Answered;
            await Eventually.TrueAsync(() => pinger.Answered > answered + 50, "pings go on without agents");
            west.StartAgent();
            east.StartAgent();
            await west.ReadyAsync();
            await east.ReadyAsync();
            await east.IdentifiedAsync("server");
            await west.IdentifiedAsync("client");
        }

        Assert.Equal(0, await pinger.LostAsync());
        Assert.Equivalent(before, await east.EndpointAsync("server"), strict: true);
        Assert.Equal(policy, await east.GetAsync($"/bpf/policy/{before.Id}"));
        await connection.SendAsync(new byte[10]);
        Assert.NotEqual(0, await connection.ReceiveAsync(new byte[10]));
        using var another = await client.ConnectAsync(server, 80);
    }

    [KernelFact]
    public async Task Agent_StartedWithoutItsEtcd_KeepsWhatTheKernelHas()
    {
        using var clusters = await TwoClusters.StartAsync();
        var (west, east) = (clusters.West, clusters.East);
        var client = await west.AddPodAsync("client", "app: client");
        var server = await east.AddPodAsync("server", "app: server");
        await west.IdentifiedAsync("client");
        await east.IdentifiedAsync("server");
        east.Apply("policy", """
            apiVersion: cilium.io/v2
            kind: CiliumNetworkPolicy
            metadata: { name: clients, namespace: default }
            spec:
              endpointSelector: { matchLabels: { app: server } }
              ingress: [{ fromEndpoints: [{ matchLabels: { app: client, io.cilium.k8s.policy.cluster: west } }] }]
            """);
        await Eventually.TrueAsync(async () => (await east.EndpointAsync("server")).IngressPolicy.Count == 1, "the policy is in force");
        using var pinger = new Pinger(client, server);
        await Eventually.TrueAsync(() => pinger.Answered > 0, "the first ping");
        var before = await east.EndpointAsync("server");
        east.Agent.Kill();
        east.KillEtcd();
        west.KillEtcd();
        east.StartAgent("--sync-timeout", "1s");
        await east.ReadyAsync();
        var after = await east.EndpointAsync("server");
        Assert.Equal(("restoring", before.Identity), (after.State, after.Identity));
        var answered = pinger.Answered;
        await Eventually.TrueAsync(() => pinger.Answered > answered + 50, "pings go on");
        Assert.Equal(0, await pinger.LostAsync());
    }

    [KernelFact]
    public async Task Agent_OfAnotherLayout_FillsItsMapsBeforeItTakesOver()
    {
        using var clusters = await TwoClusters.StartAsync();
        var (west, east) = (clusters.West, clusters.East);
        var client = await west.AddPodAsync("client", "app: client");
        var server = await east.AddPodAsync("server", "app: server");
        await west.IdentifiedAsync("client");
        await east.IdentifiedAsync("server");
        using var pinger = new Pinger(client, server);
        await Eventually.TrueAsync(() => pinger.Answered > 0, "the first ping");
        foreach (var node in new[] { west, east })
        {
            node.Agent.Kill();
            node.MoveMapsAway();
            node.StartAgent();
            await node.ReadyAsync();
            await node.IdentifiedAsync(node == west ? "client" : "server");
            var answered = pinger.Answered;
            await Eventually.TrueAsync(() => pinger.Answered > answered + 50, "pings go on");
        }

        Assert.Equal(0, await pinger.LostAsync());
    }

    private static Task ReachesAsync(LabPod from, LabPod to, bool wanted) => Eventually.TrueAsync(
        async () =>
        {
            try
            {
                using var connection = await from.ConnectAsync(to, 80, 0.3);
                return wanted;
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                return !wanted;
            }
        },
        $"{from.Ip} {(wanted ? "reaches" : "does not reach")} {to.Ip}", 20);
}
