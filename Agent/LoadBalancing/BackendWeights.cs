using System.Collections.Immutable;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>A selection's pools as one whole weight for each backend: a pool's weight is shared evenly by its backends.</summary>
internal static class BackendWeights
{
    /// <summary>The largest sum of all weights: exact beyond need, and far from where anybody's sums overflow.</summary>
    private const long Most = 1L << 40;

    /// <returns>By index of the port's backends; 0 = takes no new connections. Weights of clusters that are out are everybody's in proportion.</returns>
    public static long[] Of(ImmutableArray<BackendPool> pools, int backends)
    {
        var weights = new long[backends];
        var total = pools.Sum(pool => pool.Weight);
        // A multiple of every pool's size makes whole numbers; if there is no small one, 2^-40 of the whole is the unit.
        var multiple = LeastMultiple(pools, Most / Math.Max(1, total));
        foreach (var pool in pools)
        {
            var weight = multiple is { } exact ? pool.Weight * exact / pool.Members.Length : Math.Max(1, (long)((Int128)pool.Weight * Most / total / pool.Members.Length));
            foreach (var member in pool.Members) weights[member] = weight;
        }

        var divisor = weights.Aggregate(0L, GreatestDivisor);
        for (var i = 0; i < backends && divisor > 1; i++) weights[i] /= divisor;
        return weights;
    }

    private static long? LeastMultiple(ImmutableArray<BackendPool> pools, long most)
    {
        var multiple = 1L;
        foreach (var pool in pools)
        {
            multiple = multiple / GreatestDivisor(multiple, pool.Members.Length) * pool.Members.Length;
            if (multiple > most) return null;
        }

        return multiple;
    }

    private static long GreatestDivisor(long a, long b) => b == 0 ? a : GreatestDivisor(b, a % b);
}
