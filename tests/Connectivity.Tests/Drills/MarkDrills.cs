using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Network;
using Microsoft.AspNetCore.Http;
using Xunit.Abstractions;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>A service is marked L7, and not any more, under load of connections that stay open.</summary>
[Collection(RequestDrills.Name)]
public sealed class MarkDrills(TunnelledClusters clusters, ITestOutputHelper output)
{
    private RunningLab Lab => clusters.Lab;

    [KernelFact]
    public async Task Mark_TakenAwayAndPutBack_NoRequestFailsOnConnectionsThatWereThere()
    {
        await using var service = await DrilledService.StartAsync(Lab, TellWay);
        await service.UntilAllAnswerAsync("x-wing");
        using var sockets = new NamespaceSockets(new Places(Lab).Namespace("x-wing"));
        await using var kept = new RequestLoad(sockets, service.Address, perSecond: 200);
        await using var closing = new RequestLoad(sockets, service.Address, perSecond: 100, closing: true);
        await Task.WhenAll(kept.MoreAsync(400), closing.MoreAsync(200));
        for (var i = 0; i < 3; i++)
        {
            await service.MarkAsync(false);
            await UntilAsync("kernel");
            await Task.WhenAll(kept.MoreAsync(400), closing.MoreAsync(200));
            await service.MarkAsync(true);
            await UntilAsync("proxy");
            await Task.WhenAll(kept.MoreAsync(400), closing.MoreAsync(200));
        }

        output.WriteLine($"kept connections: {kept}\nclosing ones: {closing}");
        Assert.Empty(kept.Failed.Concat(closing.Failed).Take(10));

        // Only the proxy gives requests an id.
        static Task TellWay(HttpContext context)
        {
            context.Response.Headers["x-way"] = context.Request.Headers.ContainsKey("X-Request-Id") ? "proxy" : "kernel";
            return Task.CompletedTask;
        }

        async Task UntilAsync(string way) => await Eventually.TrueAsync(
            async () => (await Lab.HttpAsync(new Places(Lab).Target("x-wing"), $"http://{service.Address}/")).Headers["x-way"] == way, $"new connections go by the {way}");
    }
}
