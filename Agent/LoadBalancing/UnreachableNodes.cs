using ClusterMesh.Agent.Probes;

namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>The nodes that do not answer, by cluster. Immutable.</summary>
internal sealed class UnreachableNodes
{
    public static readonly UnreachableNodes None = new();

    private readonly Dictionary<string, HashSet<string>> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _clusters = new(StringComparer.Ordinal);

    private UnreachableNodes()
    {
    }

    public bool IsEmpty => _nodes.Count == 0;

    /// <summary>The same value as before where the same nodes are gone, whatever else the probes found.</summary>
    /// <param name="own">The cluster that we are in: whoever runs this is one of its nodes, so that it is never gone as a whole.</param>
    public static UnreachableNodes Of(NodeReachability reachability, string own, UnreachableNodes before)
    {
        var now = new UnreachableNodes();
        foreach (var (name, health) in reachability.Nodes)
        {
            if (health.State != "unreachable" || name.IndexOf('/') is not (> 0 and var slash)) continue;
            var cluster = name[..slash];
            if (!now._nodes.TryGetValue(cluster, out var nodes)) now._nodes[cluster] = nodes = new(StringComparer.Ordinal);
            nodes.Add(name[(slash + 1)..]);
        }

        now._clusters.UnionWith(now._nodes.Keys.Where(cluster => cluster != own && reachability.IsClusterGone(cluster)));
        return now.Equals(before) ? before : now;
    }

    /// <summary>Whether any node of the cluster is gone.</summary>
    public bool Touches(string cluster) => _nodes.ContainsKey(cluster);

    /// <param name="node">Null = not known: gone only when the whole cluster is.</param>
    public bool Contains(string cluster, string? node) => _clusters.Contains(cluster) || (node is not null && _nodes.TryGetValue(cluster, out var nodes) && nodes.Contains(node));

    private bool Equals(UnreachableNodes other) =>
        _nodes.Count == other._nodes.Count && _clusters.SetEquals(other._clusters)
        && _nodes.All(pair => other._nodes.TryGetValue(pair.Key, out var nodes) && nodes.SetEquals(pair.Value));
}
