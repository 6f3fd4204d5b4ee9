namespace ClusterMesh.Load.Generator;

/// <summary>When each request is meant to be sent: at a fixed rate from a start, whatever the answers do (an open loop).</summary>
/// <param name="Start">A timestamp of the clock whose ticks per second are <paramref name="Frequency"/>.</param>
internal readonly record struct Schedule(long Start, long Frequency, int RatePerSecond)
{
    /// <summary>The intended send time of request <paramref name="index"/>, counted from 0.</summary>
    public long IntendedAt(long index) => Start + (long)((Int128)index * Frequency / RatePerSecond);

    /// <summary>How many requests should have been sent at <paramref name="now"/>.</summary>
    public long DueAt(long now) => now < Start ? 0 : (long)((Int128)(now - Start) * RatePerSecond / Frequency) + 1;
}
