using ClusterMesh.DatapathBench.Measuring;
using ClusterMesh.DatapathBench.Topology;
using ClusterMesh.DatapathBench.Traffic;

namespace ClusterMesh.DatapathBench.Redirect;

/// <summary>Traffic that is not the proxy's, in a node that has one, with a service by requests, and in a node that has none.</summary>
internal static class BesideBench
{
    private const string With = "with-proxy", Without = "without-proxy";

    public static void Run(BenchSize size)
    {
        Print.Title("pod to pod in one node, not by requests: with a proxy beside it, and without");
        using MeshNode with = new("with", proxied: true), without = new("without", proxied: false);
        Backends.Start(with);
        Backends.WaitForProxy(with, with.StartProxy());
        Compare("requests", node => new Requests(node.Server));
        Compare("connections", node => new Connections([node.Server]));
        Compare("service-connections", node => new Connections([node.Server], MeshNode.Plain));

        void Compare(string kind, Func<MeshNode, ITraffic> traffic)
        {
            using Contender one = new(With, with.Client.Netns, () => traffic(with)), other = new(Without, without.Client.Netns, () => traffic(without));
            var rounds = Rounds.Run([one, other], size.Rounds, size.Slice);
            foreach (var side in new[] { With, Without }) Print.Value($"{kind}-{side}", rounds.Median(side), "1/s");
            // The aim is 1.0; so much is noise.
            Print.Ratio($"{kind}-with-proxy-vs-without", rounds.Ratio(With, Without), 0.97);
        }
    }
}
