using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Cli.Lab.Control;

/// <summary>Which node each new pod runs on: the one that it asks for, else the one with the fewest, in the order of the nodes.</summary>
internal static class Scheduler
{
    /// <param name="nodes">All of the cluster, at least one.</param>
    /// <param name="placed">The node of each pod that there is.</param>
    /// <returns>The node of each new pod.</returns>
    /// <exception cref="LabException">A pod asks for a node that is not there.</exception>
    public static IReadOnlyDictionary<ObjectKey, string> Place(IEnumerable<PodSpec> pods, IReadOnlyList<string> nodes, IReadOnlyDictionary<ObjectKey, string> placed)
    {
        var load = nodes.ToDictionary(node => node, node => placed.Values.Count(other => other == node));
        var placement = new Dictionary<ObjectKey, string>();
        foreach (var pod in pods.Where(pod => !placed.ContainsKey(pod.Key)))
        {
            var node = pod.Node is not { } wanted ? nodes.MinBy(node => load[node])!
                : load.ContainsKey(wanted) ? wanted
                : throw new LabException($"Pod {pod.Key}: node {wanted} is not there; there are {string.Join(", ", nodes)}");
            load[node]++;
            placement.Add(pod.Key, node);
        }

        return placement;
    }
}
