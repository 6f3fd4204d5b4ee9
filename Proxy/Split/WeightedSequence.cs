namespace ClusterMesh.Proxy.Split;

/// <summary>
/// Deals numbers out by weight, evenly and not by chance: position n of the sequence is (n * stride) mod total, with a stride
/// near total/golden ratio and coprime to it. Every run of `total` draws is exact; any shorter run is off by a few at most.
/// Immutable: the counter is the caller's, so that a change of weights goes on where the old ones were.
/// </summary>
internal sealed class WeightedSequence
{
    private readonly long[] _until;
    private readonly ulong _total;
    private readonly ulong _stride;

    /// <param name="weights">At least one above 0.</param>
    public WeightedSequence(IReadOnlyList<long> weights)
    {
        var reduced = Reduce(weights);
        _until = new long[reduced.Length];
        var sum = 0L;
        for (var i = 0; i < reduced.Length; i++) _until[i] = sum += reduced[i];
        _total = (ulong)sum;
        _stride = Stride(_total);
    }

    /// <summary>The index that comes next for this counter; lock-free.</summary>
    public int Draw(ref long counter) => At((ulong)Interlocked.Increment(ref counter));

    // To the smallest equal weights, whose period is the shortest; and to a sum of 32 bits, so that the product in At fits 64.
    private static long[] Reduce(IReadOnlyList<long> weights)
    {
        var divisor = weights.Aggregate(0L, Gcd);
        long[] reduced = [.. weights.Select(weight => weight / divisor)];
        while (reduced.Aggregate((UInt128)0, (sum, weight) => sum + (UInt128)weight) > uint.MaxValue)
        {
            for (var i = 0; i < reduced.Length; i++) reduced[i] = (reduced[i] / 2) + (reduced[i] & 1);
        }

        return reduced;
    }

    private int At(ulong turn)
    {
        var position = (long)(turn % _total * _stride % _total);
        var index = 0;
        while (_until[index] <= position) index++;
        return index;
    }

    private static ulong Stride(ulong total)
    {
        var stride = Math.Max(1, (ulong)(total * 0.6180339887498949));
        while (Gcd((long)stride, (long)total) != 1) stride--;
        return stride;
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
}
