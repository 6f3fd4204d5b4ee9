using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Services;

/// <summary>The order in which clusters are asked: preferred first, each tier one pool.</summary>
internal static class ClusterTiers
{
    /// <summary>
    /// Affinity local: own cluster, then the clusters of cluster-order one by one, then all others as one pool. Affinity remote:
    /// the same with the own cluster last, unless the order names it.
    /// </summary>
    public static ImmutableArray<ImmutableArray<string>> Of(ServiceMode mode, string local, IEnumerable<string> clusters)
    {
        var first = mode.Affinity == Affinity.Local ? [local] : ImmutableArray<string>.Empty;
        var ordered = mode.ClusterOrder.Except(first).ToArray();
        var rest = clusters.Where(cluster => cluster != local && !ordered.Contains(cluster)).Order(StringComparer.Ordinal).ToImmutableArray();
        var tiers = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        if (!first.IsEmpty) tiers.Add(first);
        foreach (var cluster in ordered) tiers.Add([cluster]);
        if (!rest.IsEmpty) tiers.Add(rest);
        if (mode.Affinity == Affinity.Remote && !ordered.Contains(local)) tiers.Add([local]);
        return tiers.ToImmutable();
    }
}
