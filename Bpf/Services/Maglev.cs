using System.Runtime.CompilerServices;

namespace ClusterMesh.Bpf.Services;

/// <summary>
/// Maglev's table (Eisenbud et al., NSDI 2016) with weights: each backend has its share of the slots, exact to one slot, and few slots
/// change hands when a backend comes or goes. The same backends give the same table everywhere.
/// </summary>
internal static class Maglev
{
    /// <summary>Slots for each backend, so that a slot more or less is 5 % of a share at most.</summary>
    private const int SlotsPerBackend = 20;

    // Weights are percentages, as a rule: a slot is a tenth of one.
    private const int LeastWithWeights = 1021;

    private static readonly int[] Sizes = [1, 13, 31, 61, 127, 251, 509, 1021, 2039, 4093, 8191, 16_381];

    /// <summary>The number of slots to ask for, and the ones to be content with where there is no room.</summary>
    public static IEnumerable<int> SizesFor(ReadOnlySpan<BackendShare> shares)
    {
        if (shares.Length <= 1) return [shares.Length];
        var first = shares[0].Weight;
        var least = 251;
        foreach (var share in shares)
            if (share.Weight != first)
                least = LeastWithWeights;
        var wanted = Math.Max(least, (long)shares.Length * SlotsPerBackend);
        var count = shares.Length;
        return [Sizes.FirstOrDefault(size => size >= wanted, Sizes[^1]), .. Sizes.Where(size => size >= count && size < wanted)];
    }

    /// <summary>For each slot the backend's place in the list. The size is prime, or 1.</summary>
    // Ten thousand times when an agent starts: not to be compiled slowly first.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int[] Build(ReadOnlySpan<BackendShare> shares, int size)
    {
        var table = new int[size];
        if (shares.Length <= 1) return table;
        Array.Fill(table, -1);
        var quotas = Quotas(shares, size);
        var taken = new int[shares.Length];
        var (places, skips) = (new int[shares.Length], new int[shares.Length]);
        for (var i = 0; i < shares.Length; i++) (places[i], skips[i]) = Permutation(shares[i].Backend, size);

        // Each takes its turns evenly over the rounds, not only its number of them.
        var rounds = quotas.Max();
        for (var round = 1L; round <= rounds; round++)
            for (var i = 0; i < shares.Length; i++)
                while (taken[i] < quotas[i] * round / rounds)
                {
                    var place = places[i];
                    while (table[place] >= 0)
                    {
                        place += skips[i];
                        if (place >= size) place -= size;
                    }

                    table[places[i] = place] = i;
                    taken[i]++;
                }

        return table;
    }

    /// <summary>Largest remainder; the earlier one of equals.</summary>
    internal static int[] Quotas(ReadOnlySpan<BackendShare> shares, int size)
    {
        Int128 total = 0;
        foreach (var share in shares) total += share.Weight;
        var quotas = new int[shares.Length];
        var remainders = new (Int128 Remainder, int At)[shares.Length];
        var left = size;
        for (var i = 0; i < shares.Length; i++)
        {
            var (quota, remainder) = Int128.DivRem((Int128)shares[i].Weight * size, total);
            quotas[i] = (int)quota;
            remainders[i] = (-remainder, i);
            left -= quotas[i];
        }

        Array.Sort(remainders);
        foreach (var (_, at) in remainders.AsSpan(0, left)) quotas[at]++;
        return quotas;
    }

    private static (int Offset, int Skip) Permutation(BackendAddress backend, int size)
    {
        Span<byte> bytes = stackalloc byte[16];
        backend.Address.MapToIPv6().TryWriteBytes(bytes, out _);
        var hash = (ulong)backend.Port;
        foreach (var part in bytes) hash = Mix(hash ^ part);
        return ((int)(hash % (uint)size), (int)(Mix(hash) % (uint)(size - 1)) + 1);
    }

    private static ulong Mix(ulong hash)
    {
        hash = (hash ^ hash >> 31) * 0x9e3779b97f4a7c15;
        return hash ^ hash >> 29;
    }
}
