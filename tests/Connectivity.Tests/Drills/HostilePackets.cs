using System.Net;
using System.Net.Sockets;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>Lies about who somebody is are dropped, counted and told; floods do not harm others.</summary>
public sealed class HostilePackets(TunnelledClusters clusters) : IClassFixture<TunnelledClusters>
{
    [KernelFact]
    public async Task SpoofedSource_OfAPod_IsDroppedCountedAndTold()
    {
        var places = new Places(clusters.Lab);
        using var sockets = new NamespaceSockets(places.Namespace("x-wing"));
        using var raw = await RawPackets.OpenAsync(sockets);
        var before = await DropsAsync(places, "Invalid source ip");
        var packet = RawPackets.Syn(new(places.Address("client"), 4711), new(places.Address("rebel-base-1"), 8080));
        for (var i = 0; i < 10; i++) await raw.SendToAsync(packet, new IPEndPoint(places.Address("rebel-base-1"), 0));

        await Eventually.TrueAsync(async () => await DropsAsync(places, "Invalid source ip") >= before + 10, "ten drops are counted");
        await Eventually.TrueAsync(async () => (await CommandLine.RunAsync("observe", "--verdict", "DROPPED", "--agent", places.Agent("cluster-1-node-1"))).Output.Contains("Invalid source ip", StringComparison.Ordinal), "the drop is told");
    }

    [KernelFact]
    public async Task ForgedVni_OfAnUnknownAddress_IsDroppedAndCounted()
    {
        var places = new Places(clusters.Lab);
        using var sockets = new NamespaceSockets(places.Namespace("outside"));
        using var socket = await sockets.OpenAsync(SocketType.Dgram, ProtocolType.Udp);
        var before = await DropsAsync(places, "Unknown sender");
        var forged = RawPackets.Vxlan(65537, RawPackets.Syn(new(places.Address("x-wing"), 4711), new(places.Address("rebel-base-1"), 8080)));
        for (var i = 0; i < 10; i++) await socket.SendToAsync(forged, new IPEndPoint(places.Address("node/1"), 8472));

        await Eventually.TrueAsync(async () => await DropsAsync(places, "Unknown sender") >= before + 10, "ten drops are counted");
    }

    [KernelFact]
    public async Task ForgedVni_OfAnotherClustersNode_IsDroppedAndCounted()
    {
        var places = new Places(clusters.Lab);
        using var sockets = new NamespaceSockets(places.Namespace("2/node/1"));
        using var socket = await sockets.OpenAsync(SocketType.Dgram, ProtocolType.Udp);
        var before = await DropsAsync(places, "Invalid cluster ID");
        // An identity of cluster-1, out of cluster-2.
        var forged = RawPackets.Vxlan(1 << 16 | 300, RawPackets.Syn(new(places.Address("x-wing"), 4711), new(places.Address("rebel-base-1"), 8080)));
        for (var i = 0; i < 10; i++) await socket.SendToAsync(forged, new IPEndPoint(places.Address("node/1"), 8472));

        await Eventually.TrueAsync(async () => await DropsAsync(places, "Invalid cluster ID") >= before + 10, "ten drops are counted");
    }

    [KernelFact]
    public async Task SynFlood_ToAClosedService_HarmsNobodyElse()
    {
        var lab = clusters.Lab;
        var places = new Places(lab);
        await lab.ApplyAsync("cluster-1", """
            apiVersion: v1
            kind: Service
            metadata: { name: closed, namespace: default }
            spec: { clusterIP: 10.96.2.66, selector: { name: nobody }, ports: [{ port: 80 }] }
            """);
        try
        {
            using var flooders = new NamespaceSockets(places.Namespace("client2"));
            using var sockets = new NamespaceSockets(places.Namespace("x-wing"));
            using var raw = await RawPackets.OpenAsync(flooders);
            await using var steady = await SteadyConnection.OpenAsync(sockets, new(places.Address("svc/rebel-base"), 80));
            await using var load = new ConnectionLoad(sockets, new(places.Address("svc/rebel-base"), 80), perSecond: 50);
            await load.MoreAsync(50);

            var flood = Task.Run(() =>
            {
                var closed = new IPEndPoint(IPAddress.Parse("10.96.2.66"), 80);
                for (var i = 0; i < 200_000; i++) raw.SendTo(RawPackets.Syn(new(places.Address("client2"), 1024 + (i % 60_000)), closed), new IPEndPoint(closed.Address, 0));
            });
            await load.MoreAsync(200);
            await flood;
            await load.MoreAsync(50);

            Assert.Empty(load.Failed);
            Assert.Null(steady.Broken);
        }
        finally
        {
            await lab.DeleteAsync("cluster-1", "Service", "default/closed");
        }
    }

    private static async Task<double> DropsAsync(Places places, string reason)
    {
        var page = PrometheusPage.Parse(await places.PageAsync("cluster-1-node-1", "/metrics"));
        return page.All("cilium_drop_count_total", ("reason", reason)).Sum(sample => sample.Value);
    }
}
