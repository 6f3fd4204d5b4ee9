using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Services;

/// <summary>Where a service's requests may go, read from its annotations (cilium.md 1.5; design.md for our own keys).</summary>
public sealed record ServiceMode
{
    public static readonly ServiceMode NotGlobal = new();

    public bool Global { get; init; }

    /// <summary>Whether other clusters may see our backends; without effect when not global.</summary>
    public bool Shared { get; init; } = true;

    public Affinity Affinity { get; init; }

    /// <summary>clustermesh.io/cluster-weights; empty = not set.</summary>
    public ImmutableArray<ClusterWeight> ClusterWeights { get; init; } = [];

    /// <summary>clustermesh.io/cluster-order: clusters to fail over to, first first; empty = all remotes are one pool.</summary>
    public ImmutableArray<string> ClusterOrder { get; init; } = [];

    /// <summary>clustermesh.io/min-healthy; null = fail over only when nothing is left.</summary>
    public MinHealthy? MinHealthy { get; init; }
}

public enum Affinity { None, Local, Remote }

public readonly record struct ClusterWeight(string Cluster, int Weight);

/// <summary>Either a share of the cluster's known backends (0..1) or a number of them.</summary>
public readonly record struct MinHealthy(double? Share, int? Count)
{
    /// <summary>How many healthy backends are enough, of the given number known.</summary>
    public double Required(int known) => Count ?? (known * Share!.Value);

    public override string ToString() => Count is { } count ? $"{count}" : $"{Share * 100:0.##}%";
}
