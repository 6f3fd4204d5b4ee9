namespace ClusterMesh.Mesh.Clusters.Connection;

/// <summary>Waiting times that double, each drawn between half and the whole, so that many clients do not come back together.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, IChance chance)
{
    private TimeSpan _next = first;

    public void Reset() => _next = first;

    public TimeSpan Next()
    {
        var wait = _next;
        _next = wait * 2 < longest ? wait * 2 : longest;
        return wait * (0.5 + (0.5 * (chance.Next() >> 11) / (1UL << 53)));
    }
}
