using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Network;
using Xunit.Abstractions;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>The node's proxy is replaced, stopped and killed under load of a service that it balances.</summary>
[Collection(RequestDrills.Name)]
public sealed class ProxyRestartDrills(TunnelledClusters clusters, ITestOutputHelper output)
{
    private const string Node = "cluster-1-node-1";
    private const int Successors = 3;

    private RunningLab Lab => clusters.Lab;

    private NodeProxyProcess Proxy => new(Lab.Node(Node).Netns);

    [KernelFact]
    public async Task Successor_TakesOverThreeTimes_NoRequestFails()
    {
        await using var service = await StartAsync();
        using var sockets = new NamespaceSockets(new Places(Lab).Namespace("x-wing"));
        await using var kept = new RequestLoad(sockets, service.Address, perSecond: 300);
        await using var closing = new RequestLoad(sockets, service.Address, perSecond: 100, closing: true);
        for (var i = 0; i < Successors; i++)
        {
            await Task.WhenAll(kept.MoreAsync(600), closing.MoreAsync(200));
            await Lab.StartProxyAsync(Node);
        }

        await Task.WhenAll(kept.MoreAsync(600), closing.MoreAsync(200));
        await Eventually.TrueAsync(async () => (await Proxy.AllAsync()).Count == 1, "those before have finished what they had", 60);

        output.WriteLine($"kept connections: {kept}\nclosing ones: {closing}");
        Assert.Empty(kept.Failed.Concat(closing.Failed).Take(10));
    }

    [KernelFact]
    public async Task Stopped_WithoutASuccessor_TheKernelBalancesAndNoRequestFails()
    {
        await using var service = await StartAsync();
        using var sockets = new NamespaceSockets(new Places(Lab).Namespace("x-wing"));
        var bypassed = await BypassedAsync();
        try
        {
            await using var kept = new RequestLoad(sockets, service.Address, perSecond: 100);
            await using var closing = new RequestLoad(sockets, service.Address, perSecond: 200, closing: true);
            await Task.WhenAll(kept.MoreAsync(200), closing.MoreAsync(400));
            await Proxy.SignalAsync("TERM");
            await Eventually.TrueAsync(async () => (await Proxy.AllAsync()).Count == 0, "the proxy has ended", 60);
            var gone = closing.Now;
            await Task.WhenAll(kept.MoreAsync(200), closing.MoreAsync(400));

            output.WriteLine($"kept connections: {kept}\nclosing ones: {closing}");
            Assert.Empty(closing.Failed.Concat(kept.Failed).Take(10));
            Assert.All(DrilledService.Pods, pod => Assert.Contains(closing.Since(gone), one => one.Who == pod));
            await Eventually.TrueAsync(async () => await BypassedAsync() > bypassed, "it is counted that the proxy was passed by");
        }
        finally
        {
            await Lab.StartProxyAsync(Node);
        }
    }

    [KernelFact]
    public async Task Killed_UnderLoad_OnlyRequestsInFlightFail()
    {
        await using var service = await StartAsync();
        using var sockets = new NamespaceSockets(new Places(Lab).Namespace("x-wing"));
        try
        {
            await using var kept = new RequestLoad(sockets, service.Address, perSecond: 100);
            await using var closing = new RequestLoad(sockets, service.Address, perSecond: 200, closing: true);
            await Task.WhenAll(kept.MoreAsync(200), closing.MoreAsync(400));
            var (keptBefore, closingBefore) = (kept.Now, closing.Now);
            Lab.KillProxy(Node);
            var (keptAfter, closingAfter) = (kept.Now, closing.Now);
            await Task.WhenAll(kept.MoreAsync(200), closing.MoreAsync(400));

            output.WriteLine($"kept connections: {kept}\nclosing ones: {closing}");
            Assert.All(kept.Failed, one => Assert.True(one.At <= keptAfter && one.Ended >= keptBefore, $"{one}, killed from {keptBefore} to {keptAfter}"));
            Assert.All(closing.Failed, one => Assert.True(one.At <= closingAfter && one.Ended >= closingBefore, $"{one}, killed from {closingBefore} to {closingAfter}"));
        }
        finally
        {
            await Lab.StartProxyAsync(Node);
        }
    }

    /// <summary>When requests to it are answered by all.</summary>
    private async Task<DrilledService> StartAsync()
    {
        var service = await DrilledService.StartAsync(Lab, _ => Task.CompletedTask);
        await service.UntilAllAnswerAsync("x-wing");
        return service;
    }

    /// <summary>Connections of services by requests that the kernel balanced itself, as no proxy was there.</summary>
    private async Task<double> BypassedAsync()
    {
        var page = PrometheusPage.Parse(await new Places(Lab).PageAsync(Node, "/metrics"));
        return page.All("clustermesh_datapath_events_total", ("reason", "ProxyBypass")).Sum(sample => sample.Value);
    }
}
