using System.Net;
using System.Net.Sockets;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>HTTP/2 clients of a proxy that has a successor are asked to come again, as those of HTTP/1.1 are.</summary>
[Collection(RequestDrills.Name)]
public sealed class Http2DrainDrill(TunnelledClusters clusters, TalkingPods pods) : IClassFixture<TalkingPods>
{
    private const string Node = "cluster-1-node-1";

    [KernelFact]
    public async Task Successor_HasCome_ClientsOfHttp2MoveAndNoRequestFails()
    {
        var lab = clusters.Lab;
        var proxies = new NodeProxyProcess(lab.Node(Node).Netns);
        // So long that it only ends because its clients have left it.
        await lab.StartProxyAsync(Node, default, "--drain-timeout", "10m");
        try
        {
            await Eventually.TrueAsync(async () => (await proxies.AllAsync()).Count == 1, "the proxy before it has ended", 60);
            var (sockets, to) = await pods.WayAsync(TalkingPods.ByService);
            using var _ = sockets;
            using var http = PodHttp.Client(sockets, to, HttpVersion.Version20);
            Assert.Equal("HTTP/2 /before", await http.GetStringAsync("/before"));

            await lab.StartProxyAsync(Node);
            await Eventually.TrueAsync(
                async () =>
                {
                    Assert.Equal("HTTP/2 /after", await http.GetStringAsync("/after"));
                    return (await proxies.AllAsync()).Count == 1;
                },
                "the one with 10 minutes has ended", 60);
        }
        finally
        {
            await lab.StartProxyAsync(Node);
        }
    }
}
