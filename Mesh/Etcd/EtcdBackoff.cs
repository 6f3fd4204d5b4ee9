namespace ClusterMesh.Mesh.Etcd;

/// <summary>Longer and longer waits, each drawn between half and all of it, so that many clients do not come back at once.</summary>
internal sealed class EtcdBackoff(TimeProvider time, IChance chance)
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(50), s_longest = TimeSpan.FromSeconds(1);
    private TimeSpan _next = s_first;

    public void Reset() => _next = s_first;

    public Task WaitAsync(CancellationToken cancel)
    {
        var wait = _next * (0.5 + (chance.Next() >> 11) * (0.5 / (1UL << 53)));
        _next = _next * 2 < s_longest ? _next * 2 : s_longest;
        return Task.Delay(wait, time, cancel);
    }
}
