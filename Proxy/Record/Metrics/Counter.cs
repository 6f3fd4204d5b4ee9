namespace ClusterMesh.Proxy.Record.Metrics;

/// <summary>A number that only grows. Lock-free.</summary>
internal sealed class Counter
{
    private long _value;

    public long Value => Volatile.Read(ref _value);

    public void Increment() => Interlocked.Increment(ref _value);
}
