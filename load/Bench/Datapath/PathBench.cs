using ClusterMesh.DatapathBench.Measuring;
using ClusterMesh.DatapathBench.Topology;
using ClusterMesh.DatapathBench.Traffic;

namespace ClusterMesh.DatapathBench;

/// <summary>Pod to pod, in one node and across nodes: the kernel alone, which judges and remembers nothing, against our data path, which does both.</summary>
internal static class PathBench
{
    private const string Same = "same-node kernel routing", OursSame = "same-node ours";
    private const string Routed = "cross-node kernel routing", Vxlan = "cross-node kernel vxlan", OursVxlan = "cross-node ours vxlan";

    public static void Run(BenchSize size)
    {
        using TwoNodes routed = TwoNodes.Routed(), vxlan = TwoNodes.Vxlan(), ours = TwoNodes.OfOurs();
        Print.Title("pod to pod; ours with policy, connection tracking and flow events");
        Compare("requests", "1/s", 1, size, server => new Requests(server));
        Compare("bulk", "Gb/s", 8e-9, size, server => new Bulk(server));
        Compare("connections", "1/s", 1, size, server => new Connections([server]));

        void Compare(string kind, string unit, double scale, BenchSize size, Func<Pod, ITraffic> traffic)
        {
            Contender Side(string name, TwoNodes nodes, Pod server) => new(name, nodes.Client.Netns, () => traffic(server));
            var sides = new List<Contender>();
            try
            {
                sides.Add(Side(Same, routed, routed.Neighbour));
                sides.Add(Side(OursSame, ours, ours.Neighbour));
                sides.Add(Side(Routed, routed, routed.Servers[0]));
                sides.Add(Side(Vxlan, vxlan, vxlan.Servers[0]));
                sides.Add(Side(OursVxlan, ours, ours.Servers[0]));
                var rounds = Rounds.Run(sides, size.Rounds, size.Slice);
                foreach (var side in sides) Print.Value($"{kind}-{side.Name.Replace(' ', '-')}", rounds.Median(side.Name) * scale, unit);
                Print.Ratio($"same-node-{kind}-vs-kernel-routing", rounds.Ratio(OursSame, Same), 1.0);
                Print.Ratio($"cross-node-{kind}-vs-kernel-vxlan", rounds.Ratio(OursVxlan, Vxlan), 0.95);
                Print.Ratio($"cross-node-{kind}-vs-kernel-routing", rounds.Ratio(OursVxlan, Routed));
            }
            finally
            {
                sides.ForEach(side => side.Dispose());
            }
        }
    }
}
