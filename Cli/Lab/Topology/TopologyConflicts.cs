using System.Net;

namespace ClusterMesh.Cli.Lab.Topology;

/// <summary>What of a topology cannot be together on one machine, or in one mesh.</summary>
internal static class TopologyConflicts
{
    /// <summary>What all nodes share; 10.x.y.z is left to pods and services.</summary>
    private static readonly IPNetwork s_underlay = IPNetwork.Parse("172.31.0.0/16");

    /// <summary>The first conflict; null = none.</summary>
    public static string? In(LabTopology topology) =>
        Twice(topology.Clusters.Select(cluster => cluster.Name), "the name")
        ?? Twice(topology.Clusters.Select(cluster => $"{cluster.Id}"), "the id")
        ?? topology.Clusters.Select(TooSmall).FirstOrDefault(error => error is not null)
        ?? Overlapping(topology);

    private static string? Twice(IEnumerable<string> values, string what) =>
        values.GroupBy(value => value).FirstOrDefault(group => group.Count() > 1) is { Key: var value } ? $"{what} {value} is there twice" : null;

    private static string? TooSmall(ClusterPlan cluster) =>
        // The first /24 stays free.
        cluster.PodCidr.PrefixLength is < 8 or > ClusterPlan.NodePrefix || cluster.Nodes >= 1 << (ClusterPlan.NodePrefix - cluster.PodCidr.PrefixLength)
            ? $"podCIDR {cluster.PodCidr} of {cluster.Name} has no /{ClusterPlan.NodePrefix} for each of {cluster.Nodes} nodes"
            : null;

    /// <summary>Services may overlap from cluster to cluster, as each has its own; pods and nodes must reach each other.</summary>
    private static string? Overlapping(LabTopology topology)
    {
        var networks = topology.Clusters.Select(cluster => (cluster.PodCidr, Of: $"podCIDR {cluster.PodCidr} of {cluster.Name}")).Append((s_underlay, $"the underlay {s_underlay}")).ToList();
        foreach (var (index, (network, of)) in networks.Index())
        {
            foreach (var (other, ofOther) in networks.Take(index))
                if (Overlap(network, other)) return $"{ofOther} and {of} overlap";
            foreach (var cluster in topology.Clusters)
                if (Overlap(network, cluster.ServiceCidr)) return $"{of} and serviceCIDR {cluster.ServiceCidr} of {cluster.Name} overlap";
        }

        return null;
    }

    private static bool Overlap(IPNetwork one, IPNetwork other) => one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress);
}
