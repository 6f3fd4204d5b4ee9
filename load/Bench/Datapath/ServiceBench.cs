using System.Net;
using ClusterMesh.DatapathBench.Measuring;
using ClusterMesh.DatapathBench.Services;
using ClusterMesh.DatapathBench.Topology;
using ClusterMesh.DatapathBench.Traffic;

namespace ClusterMesh.DatapathBench;

/// <summary>New connections from a pod to a ClusterIP with backends on the other node, at one service and at many, of which the last is asked.</summary>
internal static class ServiceBench
{
    public static void Run(BenchSize size)
    {
        Print.Title($"new connections to a ClusterIP, 1 and {size.Services} services; ours with policy, connection tracking and flow events");
        var nodes = new List<TwoNodes>();
        var sides = new List<Contender>();
        try
        {
            foreach (var count in new[] { 1, size.Services })
            {
                Add($"ours-{count}", count, TwoNodes.OfOurs(), (pair, services) => pair.Ours!.Datapath.Services.Load(services));
                Add($"nft-rules-{count}", count, TwoNodes.Vxlan(), (pair, services) => pair.First.Netns.Pipe(KubeProxyRules.Of(services), "nft", "-f", "-"));
                Add($"nft-map-{count}", count, TwoNodes.Vxlan(), (pair, services) => pair.First.Netns.Pipe(KubeProxyNftables.Of(services), "nft", "-f", "-"));
            }

            Report(Rounds.Run(sides, size.Rounds, size.Slice), size.Services, sides);
        }
        finally
        {
            sides.ForEach(side => side.Dispose());
            nodes.ForEach(pair => pair.Dispose());
        }

        void Add(string name, int count, TwoNodes pair, Action<TwoNodes, IReadOnlyList<Service>> load)
        {
            nodes.Add(pair);
            var services = Service.Many(count, pair.Servers);
            load(pair, services);
            sides.Add(new(name, pair.Client.Netns, () => new Connections(pair.Servers, services[^1].ClusterIp)));
        }
    }

    private static void Report(Rounds rounds, int many, IReadOnlyList<Contender> sides)
    {
        foreach (var side in sides) Print.Value($"service-connections-{side.Name}", rounds.Median(side.Name), "1/s");
        Print.Ratio($"services-{many}-vs-1", rounds.Ratio($"ours-{many}", "ours-1"), 0.97);
        Print.Ratio($"services-{many}-vs-nft-rules", rounds.Ratio($"ours-{many}", $"nft-rules-{many}"), 1.3);
        Print.Ratio($"services-{many}-vs-nft-map", rounds.Ratio($"ours-{many}", $"nft-map-{many}"), 1.0);
        Print.Ratio("services-1-vs-nft-map", rounds.Ratio("ours-1", "nft-map-1"));
        foreach (var name in new[] { "nft-rules", "nft-map" }) Print.Ratio($"{name}-{many}-vs-1", rounds.Ratio($"{name}-{many}", $"{name}-1"));
    }
}
