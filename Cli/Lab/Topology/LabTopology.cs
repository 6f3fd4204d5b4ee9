using System.Collections.Immutable;

namespace ClusterMesh.Cli.Lab.Topology;

/// <summary>What a lab is made of: clusters on one shared segment.</summary>
/// <param name="Routing">tunnel, direct or hybrid; the agents' --routing.</param>
/// <param name="Wan">What happens to packets on their way into each cluster from outside of it.</param>
internal sealed record LabTopology(ImmutableArray<ClusterPlan> Clusters, string Routing = "tunnel", LinkFault Wan = default)
{
    public static readonly ImmutableArray<string> Routings = ["tunnel", "direct", "hybrid"];
}
