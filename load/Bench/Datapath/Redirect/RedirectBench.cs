using System.Net;
using ClusterMesh.DatapathBench.Measuring;
using ClusterMesh.DatapathBench.Topology;
using ClusterMesh.DatapathBench.Traffic;
using ClusterMesh.Load.Bench;

namespace ClusterMesh.DatapathBench.Redirect;

/// <summary>
/// Pod to pod through the node's proxy: handed over by the kernel, against the same process at an ordinary listener, and against nginx
/// that the client addresses in the same place. All of them forward to the one backend, an nginx in a pod of the same node.
/// </summary>
internal static class RedirectBench
{
    public const string Redirected = "redirected", Direct = "direct", Nginx = "nginx";

    private static readonly IPEndPoint s_door = IPEndPoint.Parse($"{MeshNode.Address}:8081"), s_nginx = IPEndPoint.Parse($"{MeshNode.Address}:8082");

    public static void Run(BenchSize size)
    {
        Print.Title("pod to pod by requests: redirected to the node's proxy, the same proxy addressed directly, nginx addressed directly in its place");
        using var node = new MeshNode("bench", proxied: true);
        var backend = Backends.Start(node);
        var proxy = StartTwoDoors(node);
        var nginx = node.Start(Core.OfProxies, Backends.NginxAt(node, "proxy", NginxConfig.Proxy(s_nginx, node.Backend)));
        foreach (var at in new[] { MeshNode.Web, s_door, s_nginx }) Backends.WaitFor(node, at, proxy);
        foreach (var (kind, closing) in new[] { ("keep-alive", false), ("closing", true) })
        {
            HttpSide[] sides = [new(Redirected, MeshNode.Web, proxy, closing), new(Direct, s_door, proxy, closing), new(Nginx, s_nginx, nginx, closing)];
            Report(kind, HttpRounds.Run(node.Client.Netns, backend, sides, size.Http));
        }

        proxy.ThrowIfEnded();
    }

    private static NetnsProcess StartTwoDoors(MeshNode node) => node.Start(
        Core.OfProxies, ["dotnet", Path.Combine(AppContext.BaseDirectory, "ClusterMesh.TwoDoors.dll"), $"{s_door}", $"{node.Client.Identity}", $"{node.Client.Id}", $"{MeshNode.Web}", .. node.ProxyFlags]);

    private static void Report(string kind, HttpRounds rounds)
    {
        foreach (var side in new[] { Redirected, Direct, Nginx })
        {
            Print.Value($"{kind}-{side}", rounds.Rates.Median(side), "1/s");
            Print.Value($"{kind}-{side}-cpu", 1e6 / rounds.PerCpu.Median(side), "us/request");
        }

        Print.Ratio($"{kind}-redirected-vs-direct", rounds.Rates.Ratio(Redirected, Direct), 0.85);
        Print.Ratio($"{kind}-redirected-vs-direct-by-cpu", rounds.PerCpu.Ratio(Redirected, Direct), 0.85);
        Print.Ratio($"{kind}-redirected-vs-nginx", rounds.Rates.Ratio(Redirected, Nginx));
        Print.Ratio($"{kind}-redirected-vs-nginx-by-cpu", rounds.PerCpu.Ratio(Redirected, Nginx));
    }
}
