using System.Net;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>Links are cut under load: who is gone leaves the kernel's tables within the window, and comes back without an error.</summary>
public sealed class FailoverDrills(TunnelledClusters clusters) : IClassFixture<TunnelledClusters>
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(3);

    [KernelTheory]
    [InlineData("cluster-2-node-2", "cluster-2/rebel-base-2", "cluster-2-node-2")]
    [InlineData("cluster-2", "cluster-2/rebel-base-1", "cluster-2-node-1")]
    public async Task Cut_UnderLoad_FailsForTheWindowAtMostAndComesBack(string link, string backend, string node)
    {
        var lab = clusters.Lab;
        var places = new Places(lab);
        using var sockets = new NamespaceSockets(places.Namespace("x-wing"));
        await using var load = new ConnectionLoad(sockets, new(places.Address("svc/rebel-base"), 80), perSecond: 100);
        // After another drill it has to prove itself for a while.
        await Eventually.TrueAsync(() => load.All.Any(one => one.Who == backend), "the backend takes connections", 90);
        await load.MoreAsync(300);
        Assert.Empty(load.Failed);

        var cut = load.Now;
        await lab.CutAsync(link);
        try
        {
            await load.MoreAsync(600);
            Assert.All(load.Failed, failed => Assert.InRange(failed.At, cut - TimeSpan.FromSeconds(1), cut + s_window));
            Assert.DoesNotContain(load.Since(cut + s_window), one => one.Who == backend);
            var (_, nodes) = await CommandLine.RunAsync("node", "list", "--agent", places.Agent("cluster-1-node-1"));
            Assert.Contains(nodes.Split('\n'), line => line.Contains(node, StringComparison.Ordinal) && line.Contains("unreachable", StringComparison.Ordinal));
            var (_, table) = await CommandLine.RunAsync("bpf", "lb", "list", "-o", "json", "--agent", places.Agent("cluster-1-node-1"));
            Assert.Contains("\"unreachable\"", table, StringComparison.Ordinal);
        }
        finally
        {
            await lab.HealAsync(link);
        }

        var healed = load.Now;
        await Eventually.TrueAsync(() => load.Since(healed).Any(one => one.Who == backend), "the backend takes connections again", 90);
        await load.MoreAsync(200);
        Assert.DoesNotContain(load.Since(healed), one => !one.Ok);
    }

    [KernelFact]
    public async Task AgentKilledAndStarted_UnderLoad_NothingIsLost()
    {
        var lab = clusters.Lab;
        var places = new Places(lab);
        using var sockets = new NamespaceSockets(places.Namespace("x-wing"));
        var to = new IPEndPoint(places.Address("svc/rebel-base"), 80);
        await using var load = new ConnectionLoad(sockets, to, perSecond: 100);
        await using var steady = await SteadyConnection.OpenAsync(sockets, to);
        await load.MoreAsync(100);

        // Without an agent, at the client's node and at a backend's, longer than probes wait.
        foreach (var node in new[] { "cluster-1-node-1", "cluster-2-node-1" })
        {
            lab.KillAgent(node);
            await load.MoreAsync(500);
            await lab.StartAgentAsync(node);
            await load.MoreAsync(300);
        }

        Assert.Empty(load.Failed);
        Assert.Null(steady.Broken);
        // A lost packet is sent again after 200 ms at the soonest.
        Assert.InRange(steady.Longest, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Contains(load.All, one => one.Who == "cluster-2/rebel-base-1");
    }
}
