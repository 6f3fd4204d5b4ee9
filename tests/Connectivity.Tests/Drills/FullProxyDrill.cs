using System.Net;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>A proxy that has as many connections as it may leaves new ones to the kernel, until there is room again.</summary>
[Collection(RequestDrills.Name)]
public sealed class FullProxyDrill(TunnelledClusters clusters)
{
    private const string Node = "cluster-1-node-1";
    private const int Most = 10;

    [KernelFact]
    public async Task MaxConnections_Open_NewOnesAreTheKernelsUntilThereIsRoom()
    {
        var lab = clusters.Lab;
        var places = new Places(lab);
        await using var service = await DrilledService.StartAsync(lab, context =>
        {
            // Only a proxy says whom it asks for.
            context.Response.Headers["x-asked-for"] = context.Request.Headers["x-forwarded-for"];
            return Task.CompletedTask;
        });
        await service.UntilAllAnswerAsync("x-wing");
        using var sockets = new NamespaceSockets(places.Namespace("x-wing"));
        await lab.StartProxyAsync(Node, default, "--max-connections", $"{Most}");
        // Each keeps its one connection.
        var open = new Stack<HttpClient>();
        try
        {
            await Eventually.TrueAsync(async () => await IsAsync(connections: 0, taking: 1), "the new proxy takes connections, and has none yet");
            for (var i = 0; i < Most; i++)
            {
                open.Push(PodHttp.Client(sockets, service.Address));
                Assert.True(await IsProxiedAsync(open.Peek()), $"connection {i + 1} is the proxy's");
            }

            Assert.True(await IsAsync(Most, taking: 0));
            Assert.Contains("clustermesh_proxy_present 0", await places.PageAsync(Node, "/metrics"), StringComparison.Ordinal);
            await AreTheKernelsAsync();
            foreach (var kept in open) Assert.True(await IsProxiedAsync(kept), "who is connected stays");

            open.Pop().Dispose();
            await Eventually.TrueAsync(() => IsAsync(Most - 1, taking: 0), "one has ended: nine of ten are not below 90 %");
            await AreTheKernelsAsync();

            open.Pop().Dispose();
            await Eventually.TrueAsync(() => IsAsync(Most - 2, taking: 1), "two have ended: the proxy is back");
            using var next = PodHttp.Client(sockets, service.Address);
            Assert.True(await IsProxiedAsync(next));
            Assert.Contains("clustermesh_proxy_present 1", await places.PageAsync(Node, "/metrics"), StringComparison.Ordinal);
        }
        finally
        {
            foreach (var kept in open) kept.Dispose();
            await lab.StartProxyAsync(Node);
        }

        // New connections are answered all the same, and not by the proxy.
        async Task AreTheKernelsAsync()
        {
            for (var i = 0; i < 2 * Most; i++)
            {
                using var fresh = PodHttp.Client(sockets, service.Address);
                Assert.False(await IsProxiedAsync(fresh), "a new connection is the kernel's");
            }
        }

        async Task<bool> IsAsync(int connections, int taking)
        {
            var page = PrometheusPage.Parse(await places.ProxyPageAsync(Node, "/metrics"));
            return (page.Value("clustermesh_proxy_connections"), page.Value("clustermesh_proxy_taking_connections")) == (connections, taking);
        }
    }

    private static async Task<bool> IsProxiedAsync(HttpClient http)
    {
        using var answer = await http.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.Contains("x-asked-for");
    }
}
