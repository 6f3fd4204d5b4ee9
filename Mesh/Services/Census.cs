using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Services;

/// <summary>Backends of one port counted by cluster and condition; indices into the port's backends.</summary>
internal sealed class Census
{
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);

    public Census(ImmutableArray<Backend> backends, ReadOnlySpan<bool> healthy)
    {
        var terminatingEjected = new SortedDictionary<string, List<int>>(StringComparer.Ordinal);
        for (var i = 0; i < backends.Length; i++)
        {
            var backend = backends[i];
            if (backend.State != BackendState.Terminating) _known[backend.Cluster] = _known.GetValueOrDefault(backend.Cluster) + 1;
            else _known.TryAdd(backend.Cluster, 0);
            switch (backend.State)
            {
                case BackendState.Active: Add(healthy[i] ? Active : Ejected, backend.Cluster, i); break;
                case BackendState.Terminating: Add(healthy[i] ? Terminating : terminatingEjected, backend.Cluster, i); break;
            }
        }

        if (Ejected.Count == 0) Ejected = terminatingEjected;
    }

    /// <summary>Healthy and active.</summary>
    public SortedDictionary<string, List<int>> Active { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, List<int>> Terminating { get; } = new(StringComparer.Ordinal);

    /// <summary>Active but unhealthy; the terminating unhealthy ones where there is no such one.</summary>
    public SortedDictionary<string, List<int>> Ejected { get; } = new(StringComparer.Ordinal);

    public IEnumerable<string> Clusters => _known.Keys;

    /// <summary>How many are healthy and active of how many that should be.</summary>
    public (int Healthy, int Known) Health(IEnumerable<string> clusters)
    {
        var (healthy, known) = (0, 0);
        foreach (var cluster in clusters)
        {
            healthy += Active.TryGetValue(cluster, out var members) ? members.Count : 0;
            known += _known.GetValueOrDefault(cluster);
        }

        return (healthy, known);
    }

    public BackendPool Pool(IEnumerable<string> clusters, SortedDictionary<string, List<int>> from, long weight, PoolReason reason)
    {
        var present = clusters.Where(from.ContainsKey).ToImmutableArray();
        return new([.. present.SelectMany(cluster => from[cluster])], present, weight, reason);
    }

    public string Count(string cluster) => $"{Health([cluster]).Healthy} of {Health([cluster]).Known} healthy";

    public string Describe(IEnumerable<string>? clusters = null) =>
        string.Join(", ", (clusters ?? Active.Keys).Where(_known.ContainsKey).Select(cluster => $"{Count(cluster)} in {cluster}"));

    private static void Add(SortedDictionary<string, List<int>> to, string cluster, int index)
    {
        if (!to.TryGetValue(cluster, out var members)) to[cluster] = members = [];
        members.Add(index);
    }
}
