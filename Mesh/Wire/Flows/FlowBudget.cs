namespace ClusterMesh.Mesh.Wire.Flows;

/// <summary>How many flows a second may have; errors have some of their own, so that they are told when the rest is too much. Lock-free.</summary>
internal sealed class FlowBudget(int most, int mostErrors, TimeProvider time)
{
    private long _second;
    private int _taken, _errors;

    public bool TryTake(bool isError)
    {
        var (second, now) = (Volatile.Read(ref _second), time.GetTimestamp() / time.TimestampFrequency);
        if (now != second && Interlocked.CompareExchange(ref _second, now, second) == second) (_taken, _errors) = (0, 0);
        if (isError && Interlocked.Increment(ref _errors) <= mostErrors) return true;
        return Interlocked.Increment(ref _taken) <= most;
    }
}
