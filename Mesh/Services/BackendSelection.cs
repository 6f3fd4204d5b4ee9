using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Services;

/// <summary>
/// Chooses the pools of a service port: Cilium's affinity rule (cilium.md 1.6) and ours beyond it (design.md). Pure: the same
/// arguments give the same selection.
/// </summary>
/// <remarks>
/// 1. Healthy active backends of the allowed clusters; by weights, by affinity tiers, or as one flat pool.
/// 2. If there is none: healthy terminating ones, wherever they are.
/// 3. If there is none: panic, all active ones although ejected (then all terminating).
/// </remarks>
public static class BackendSelection
{
    private const long Whole = 1_000_000;

    /// <param name="healthy">One entry per backend: not ejected and not failing its probes.</param>
    /// <param name="previous">The last selection of this port, for min-healthy's hysteresis; null at first.</param>
    public static Selection Select(ServiceMode mode, string local, ImmutableArray<Backend> backends, ReadOnlySpan<bool> healthy, Selection? previous = null)
    {
        var census = new Census(backends, healthy);
        if (census.Active.Count == 0) return LastResort(mode, local, census);
        if (!mode.Global) return One(census, census.Active.Keys, PoolReason.Local, $"not global: {census.Count(local)} of {local}");
        if (!mode.ClusterWeights.IsEmpty) return ByWeight(mode, census);
        if (mode.Affinity == Affinity.None) return One(census, census.Active.Keys, PoolReason.Pool, $"affinity none: one pool of {census.Describe()}");
        var tiers = ClusterTiers.Of(mode, local, census.Clusters);
        return mode.MinHealthy is { } minimum ? BySpill(mode, minimum, tiers, census, previous) : ByFirst(mode, tiers, census);
    }

    private static Selection One(Census census, IEnumerable<string> clusters, PoolReason reason, string why) =>
        new([census.Pool(clusters, census.Active, Whole, reason)], 0, why, []);

    private static Selection ByWeight(ServiceMode mode, Census census)
    {
        var alive = mode.ClusterWeights.Where(weight => weight.Weight > 0 && census.Active.ContainsKey(weight.Cluster)).ToArray();
        var lost = mode.ClusterWeights.Where(weight => !census.Active.ContainsKey(weight.Cluster)).ToArray();
        var wanted = string.Join(", ", mode.ClusterWeights.Select(weight => $"{weight.Cluster}={weight.Weight}"));
        if (alive.Length == 0)
        {
            return One(census, census.Active.Keys, PoolReason.Failover, $"weights {wanted}: none of these clusters has a healthy backend, so {census.Describe()} takes all");
        }

        var pools = alive.Select(weight => census.Pool([weight.Cluster], census.Active, weight.Weight, PoolReason.Weight)).ToImmutableArray();
        var missing = lost.Where(weight => weight.Weight > 0).Select(weight => weight.Cluster).ToArray();
        var why = missing.Length == 0 ? $"weights {wanted}" : $"weights {wanted}: {string.Join(", ", missing)} has no healthy backend, its share goes to the others in proportion";
        return new(pools, lost.Sum(weight => (long)weight.Weight), why, []);
    }

    private static Selection ByFirst(ServiceMode mode, ImmutableArray<ImmutableArray<string>> tiers, Census census)
    {
        var first = 0;
        while (!tiers[first].Any(census.Active.ContainsKey)) first++;
        var reason = first == 0 ? PoolReason.Affinity : PoolReason.Failover;
        var skipped = string.Join(", ", tiers.Take(first).SelectMany(tier => tier));
        var why = first == 0
            ? $"affinity {Name(mode)}: {census.Describe(tiers[0])}"
            : $"affinity {Name(mode)}: no healthy backend in {(skipped.Length == 0 ? "any other cluster" : skipped)}, so {census.Describe(tiers[first])}";
        return One(census, tiers[first], reason, why);
    }

    // Each tier takes what its healthy backends can bear, in order; what nobody can bear is given to all in proportion.
    private static Selection BySpill(ServiceMode mode, MinHealthy minimum, ImmutableArray<ImmutableArray<string>> tiers, Census census, Selection? previous)
    {
        var pools = ImmutableArray.CreateBuilder<BackendPool>();
        var spilling = ImmutableArray.CreateBuilder<string>();
        var left = 1.0;
        for (var i = 0; i < tiers.Length && left > 1e-9; i++)
        {
            var name = string.Join(",", tiers[i]);
            var (healthy, known) = census.Health(tiers[i]);
            var enough = Math.Max(minimum.Required(known), double.Epsilon);
            if (previous?.Spilling.Contains(name) == true) enough = Math.Max(enough, Math.Min(known, Math.Ceiling(enough + (known * 0.1))));
            var bearable = Math.Min(1, healthy / enough);
            if (bearable < 1) spilling.Add(name);
            if (healthy == 0) continue;
            var share = Math.Min(left, bearable);
            left -= share;
            var reason = i == 0 ? PoolReason.Affinity : census.Health(tiers[0]).Healthy == 0 ? PoolReason.Failover : PoolReason.Spill;
            pools.Add(census.Pool(tiers[i], census.Active, Math.Max(1, (long)Math.Round(share * Whole)), reason));
        }

        var (have, of) = census.Health(tiers[0]);
        var state = spilling.Count == 0 ? "enough" : "below the minimum, the rest spills over";
        return new(pools.ToImmutable(), 0, $"affinity {Name(mode)}, min-healthy {minimum}: {have} of {of} healthy in {string.Join(", ", tiers[0])}, {state}", spilling.ToImmutable());
    }

    private static Selection LastResort(ServiceMode mode, string local, Census census)
    {
        if (census.Terminating.Count > 0)
        {
            var pool = census.Pool(census.Terminating.Keys, census.Terminating, Whole, PoolReason.Failover);
            return new([pool], 0, "only terminating backends are left", []);
        }

        if (census.Ejected.Count == 0) return new([], 0, $"no backend in {(mode.Global ? "any cluster" : local)}", []);
        var all = census.Pool(census.Ejected.Keys, census.Ejected, Whole, PoolReason.Panic);
        return new([all], 0, "panic: no backend is healthy, so all are tried", []);
    }

    private static string Name(ServiceMode mode) => mode.Affinity == Affinity.Local ? "local" : "remote";
}
