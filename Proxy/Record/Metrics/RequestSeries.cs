using System.Collections.Immutable;
using ClusterMesh.Mesh.Telemetry;

namespace ClusterMesh.Proxy.Record.Metrics;

/// <summary>Durations of the requests with one set of labels: counts by bucket and their sum. Lock-free.</summary>
internal sealed class RequestSeries
{
    /// <summary>Seconds.</summary>
    public static readonly ImmutableArray<double> Bounds = RequestDurations.Bounds;

    /// <summary>Longer than the last bound.</summary>
    public const int Buckets = 15;

    private readonly long[] _counts = new long[Buckets];
    private long _sum;

    /// <param name="ticks">The duration by the clock that the bounds were made for.</param>
    public void Add(long ticks, long[] bounds)
    {
        var bucket = 0;
        while (bucket < bounds.Length && ticks > bounds[bucket]) bucket++;
        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Add(ref _sum, ticks);
    }

    /// <summary>The bounds in the ticks of a clock.</summary>
    public static long[] BoundsIn(TimeProvider time) => [.. Bounds.Select(bound => (long)(bound * time.TimestampFrequency))];

    /// <summary>Adds what was counted so far to a reading.</summary>
    public void ReadInto(ref DurationReading reading)
    {
        for (var i = 0; i < Buckets; i++) reading.Counts[i] += Volatile.Read(ref _counts[i]);
        reading.Ticks += Volatile.Read(ref _sum);
    }
}
