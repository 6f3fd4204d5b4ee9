using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Services;

/// <summary>Where new requests of one service port go: pools with weights. Made by <see cref="BackendSelection"/>, immutable.</summary>
/// <param name="Pools">Only pools with backends to take; empty = nobody can serve.</param>
/// <param name="Lost">Weight of clusters that are out: their requests are drawn again over the pools, with reason failover.</param>
/// <param name="Why">One sentence for people.</param>
/// <param name="Spilling">The clusters that are below min-healthy, for the hysteresis of the next decision.</param>
public sealed record Selection(ImmutableArray<BackendPool> Pools, long Lost, string Why, ImmutableArray<string> Spilling)
{
    /// <summary>The clusters that take requests, for noticing a switch.</summary>
    public string Clusters { get; } = string.Join(",", Pools.SelectMany(pool => pool.Clusters).Distinct().Order(StringComparer.Ordinal));
}

/// <summary>Backends among which one is picked.</summary>
/// <param name="Members">Indices into the port's backends.</param>
/// <param name="Weight">Relative to the other pools and to <see cref="Selection.Lost"/>.</param>
public sealed record BackendPool(ImmutableArray<int> Members, ImmutableArray<string> Clusters, long Weight, PoolReason Reason);

/// <summary>Why a pool takes requests: the words of log, metric, span, flow and CLI.</summary>
public enum PoolReason
{
    /// <summary>The service is not global.</summary>
    Local,

    /// <summary>Preferred by affinity local or remote.</summary>
    Affinity,

    /// <summary>Affinity none: one flat pool of all clusters.</summary>
    Pool,

    /// <summary>clustermesh.io/cluster-weights.</summary>
    Weight,

    /// <summary>Who should have served it cannot.</summary>
    Failover,

    /// <summary>The preferred cluster is below min-healthy and gives a share away.</summary>
    Spill,

    /// <summary>Nobody is healthy: all are tried all the same.</summary>
    Panic,
}

public static class PoolReasons
{
    public static string Text(this PoolReason reason) => reason switch
    {
        PoolReason.Local => "local",
        PoolReason.Affinity => "affinity",
        PoolReason.Pool => "pool",
        PoolReason.Weight => "weight",
        PoolReason.Failover => "failover",
        PoolReason.Spill => "spill",
        _ => "panic",
    };
}
