using ClusterMesh.DatapathBench.Measuring;
using ClusterMesh.DatapathBench.Services;

namespace ClusterMesh.DatapathBench;

/// <summary>
/// New connections from a pod to a ClusterIP with backends on the other node, at one service and at many, of which the last is asked; and
/// what it takes to write and to change them.
/// </summary>
internal static class ServiceBench
{
    private const string Ours = "ours", Rules = "nft-rules", Map = "nft-map";

    public static void Run(BenchSize size)
    {
        var many = size.Services;
        Print.Title($"new connections to a ClusterIP, 1 and {many} services; ours with policy, connection tracking and flow events");
        var sides = new Dictionary<string, ServiceSide>();
        try
        {
            foreach (var count in new[] { 1, many })
            {
                sides.Add($"{Ours}-{count}", ServiceSide.Ours(count));
                sides.Add($"{Rules}-{count}", ServiceSide.NftRules(count));
                sides.Add($"{Map}-{count}", ServiceSide.NftMap(count));
            }

            ReportRates(Rounds.Run([.. sides.Values.Select(side => side.Contender)], size.Rounds, size.Slice), many, sides.Keys);
            ReportWrites(sides, many);
        }
        finally
        {
            foreach (var side in sides.Values) side.Dispose();
        }
    }

    private static void ReportRates(Rounds rounds, int many, IEnumerable<string> sides)
    {
        foreach (var side in sides) Print.Value($"service-connections-{side}", rounds.Median(side), "1/s");
        Print.Ratio($"services-{many}-vs-1", rounds.Ratio($"{Ours}-{many}", $"{Ours}-1"), 0.97);
        Print.Ratio($"services-{many}-vs-nft-rules", rounds.Ratio($"{Ours}-{many}", $"{Rules}-{many}"), 1.3);
        Print.Ratio($"services-{many}-vs-nft-map", rounds.Ratio($"{Ours}-{many}", $"{Map}-{many}"), 1.0);
        foreach (var name in new[] { Rules, Map }) Print.Ratio($"{name}-{many}-vs-1", rounds.Ratio($"{name}-{many}", $"{name}-1"));
    }

    // Times, so lower is better; nft's are with its process, as kube-proxy pays for it.
    private static void ReportWrites(Dictionary<string, ServiceSide> sides, int many)
    {
        foreach (var name in new[] { Ours, Rules, Map }) Print.Value($"service-load-{name}-{many}", sides[$"{name}-{many}"].Load.TotalMilliseconds, "ms");
        Print.Ratio($"service-load-{many}-vs-nft-map", sides[$"{Ours}-{many}"].Load / sides[$"{Map}-{many}"].Load);
        var (ours, map) = (sides[$"{Ours}-{many}"].Change(times: 201), sides[$"{Map}-{many}"].Change(times: 21));
        Print.Value($"service-change-{Ours}-{many}", ours.TotalMicroseconds, "us");
        Print.Value($"service-change-{Map}-{many}", map.TotalMicroseconds, "us");
    }
}
