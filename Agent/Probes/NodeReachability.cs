using System.Collections.Immutable;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Probes;

/// <summary>Which nodes of the mesh answer, at one moment. Immutable; what is not in here was never probed and counts as reachable.</summary>
/// <param name="Nodes">By "cluster/node".</param>
internal sealed record NodeReachability(ImmutableDictionary<string, NodeHealthStatus> Nodes)
{
    public static NodeReachability Unknown { get; } = new(ImmutableDictionary.Create<string, NodeHealthStatus>(StringComparer.Ordinal));

    /// <summary>Clusters of which only those are known that were gone before this agent started: whether they have other nodes is still to be heard.</summary>
    public ImmutableHashSet<string> Unheard { get; init; } = [];

    public bool IsGone(string cluster, string node) => Nodes.TryGetValue($"{cluster}/{node}", out var health) && health.State == "unreachable";

    /// <summary>Every node of it that is known is gone, and there is one. One that is still to be heard is not.</summary>
    public bool IsClusterGone(string cluster)
    {
        if (Unheard.Contains(cluster)) return false;
        var prefix = $"{cluster}/";
        var any = false;
        foreach (var (name, health) in Nodes)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal)) continue;
            if (health.State != "unreachable") return false;
            any = true;
        }

        return any;
    }
}
