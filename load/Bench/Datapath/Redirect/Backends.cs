using System.Net;
using ClusterMesh.DatapathBench.Topology;
using ClusterMesh.DatapathBench.Traffic;
using ClusterMesh.Load.Bench;

namespace ClusterMesh.DatapathBench.Redirect;

/// <summary>nginx in the server pod, which answers with 1 KB: what the published figures of others are told for.</summary>
internal static class Backends
{
    private const int AnswerBytes = 1024;

    public static NetnsProcess Start(MeshNode node) =>
        node.StartIn(node.Server.Netns, Core.OfTraffic, NginxAt(node, "backend", NginxConfig.Backend(node.Backend, AnswerBytes)));

    public static IEnumerable<string> NginxAt(MeshNode node, string name, string config)
    {
        var file = node.In($"{name}.conf");
        File.WriteAllText(file, config);
        return ["nginx", "-p", Path.GetDirectoryName(file)!, "-e", "stderr", "-c", file];
    }

    /// <summary>Until a request of the client is answered there.</summary>
    public static void WaitFor(MeshNode node, IPEndPoint at, NetnsProcess proxy)
    {
        Wait.Until($"{at} answers", () =>
        {
            proxy.ThrowIfEnded();
            return HttpGet.From(node.Client.Netns, at, "/") is not null;
        }, () => $"{proxy.Said}{node.AgentSaid}");
    }

    /// <summary>Until the proxy takes what the kernel hands over: before that, requests are answered, too, by the kernel's own balancing.</summary>
    public static void WaitForProxy(MeshNode node, NetnsProcess proxy)
    {
        Wait.Until("the proxy is ready", () =>
        {
            proxy.ThrowIfEnded();
            return HttpGet.From(node.Netns, MeshNode.ProxyAdmin, "/readyz") is not null;
        }, () => proxy.Said);
        WaitFor(node, MeshNode.Web, proxy);
    }
}
