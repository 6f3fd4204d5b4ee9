using System.Numerics;

namespace ClusterMesh.Load.Generator;

/// <summary>
/// Counts values in buckets whose width grows with the value: 64 to each doubling, so a quantile is at most 1.6 % too high.
/// The largest value is kept exactly.
/// </summary>
internal sealed class LogHistogram
{
    private const int PartBits = 6;
    private const int Parts = 1 << PartBits;

    // Values below 2 * Parts have a bucket each; every doubling above adds Parts more, up to 2^63.
    private readonly long[] _buckets = new long[(64 - PartBits) * Parts];

    public long Count { get; private set; }

    public long Max { get; private set; }

    public void Add(long value)
    {
        value = Math.Max(0, value);
        _buckets[BucketOf(value)]++;
        Count++;
        Max = Math.Max(Max, value);
    }

    public void Add(LogHistogram other)
    {
        for (var i = 0; i < _buckets.Length; i++)
            _buckets[i] += other._buckets[i];
        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>The smallest bucket end that at least <paramref name="quantile"/> of the values do not exceed; 0 when empty.</summary>
    public long Quantile(double quantile)
    {
        var wanted = Math.Clamp((long)Math.Ceiling(quantile * Count), 1, Math.Max(1, Count));
        long seen = 0;
        for (var i = 0; i < _buckets.Length; i++)
        {
            seen += _buckets[i];
            if (seen >= wanted)
                return Math.Min(LastOf(i), Max);
        }

        return 0;
    }

    internal static int BucketOf(long value)
    {
        if (value < 2 * Parts)
            return (int)value;
        var shift = 63 - BitOperations.LeadingZeroCount((ulong)value) - PartBits;
        return (shift << PartBits) + (int)(value >> shift);
    }

    /// <summary>The largest value that falls into a bucket.</summary>
    internal static long LastOf(int bucket)
    {
        if (bucket < 2 * Parts)
            return bucket;
        var shift = (bucket >> PartBits) - 1;
        var part = bucket - (shift << PartBits);
        return ((part + 1L) << shift) - 1;
    }
}
