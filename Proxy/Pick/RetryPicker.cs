using ClusterMesh.Mesh.Services;
using ClusterMesh.Proxy.Health;
using ClusterMesh.Proxy.Routing;

namespace ClusterMesh.Proxy.Pick;

/// <summary>
/// Takes the backend for another attempt: one that was not tried, of the chosen pools first; the last attempt goes to another
/// cluster where there is one. When the target has nobody left, the route's other targets are asked.
/// </summary>
internal static class RetryPicker
{
    public static Picked? Next(Chosen chosen, List<BackendHealth> tried, bool lastAttempt)
    {
        var failed = tried[^1].Backend.Cluster;
        var (best, rank) = (-1, int.MaxValue);
        for (var i = 0; i < chosen.Backends.Length; i++)
        {
            var candidate = chosen.Backends[i];
            if (tried.Contains(candidate) || chosen.Model[i].State == BackendState.NotReady) continue;
            var mine = Rank(chosen, i, lastAttempt == (candidate.Backend.Cluster != failed));
            if (mine > rank || (mine == rank && candidate.InFlight >= chosen.Backends[best].InFlight)) continue;
            (best, rank) = (i, mine);
        }

        return best < 0 ? null : new(chosen.Backends[best], InPool(chosen, best) ?? PoolReason.Failover);
    }

    // Lower is better. An unhealthy or terminating one is still better than none.
    private static int Rank(Chosen chosen, int index, bool rightCluster)
    {
        var rank = chosen.Backends[index].Healthy ? 0 : 8;
        if (chosen.Model[index].State != BackendState.Active) rank += 4;
        if (!rightCluster) rank += 2;
        return InPool(chosen, index) is null ? rank + 1 : rank;
    }

    private static PoolReason? InPool(Chosen chosen, int index)
    {
        foreach (var pool in chosen.Selection.Pools)
        {
            if (pool.Members.Contains(index)) return pool.Reason;
        }

        return null;
    }
}
