namespace ClusterMesh.Mesh;

/// <summary>Waiting times that double, each drawn between half and the whole, so that many clients do not come back together.</summary>
public sealed class Backoff(TimeSpan first, TimeSpan longest, IChance chance)
{
    private int _doublings;

    public void Reset() => _doublings = 0;

    public Task WaitAsync(TimeProvider time, CancellationToken cancel) => Task.Delay(Next(), time, cancel);

    public TimeSpan Next()
    {
        var wait = first * Math.Pow(2, _doublings);
        if (wait < longest) _doublings++;
        else wait = longest;
        return wait * (0.5 + (0.5 * (chance.Next() >> 11) / (1UL << 53)));
    }
}
