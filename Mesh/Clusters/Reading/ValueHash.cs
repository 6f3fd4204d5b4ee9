using System.Runtime.InteropServices;

namespace ClusterMesh.Mesh.Clusters.Reading;

/// <summary>
/// 64 bits that tell one value of a key from the next, so that the bytes need not be kept: equal bytes give equal hashes, and a
/// change goes unseen once in 2^64. Not for hostile keys of a table: who could make a collision writes both values.
/// </summary>
internal static class ValueHash
{
    private const ulong First = 0x9E3779B97F4A7C15, Second = 0xD6E8FEB86659FD93;

    public static ulong Of(ReadOnlySpan<byte> value)
    {
        var hash = First ^ (ulong)value.Length;
        var words = MemoryMarshal.Cast<byte, ulong>(value);
        foreach (var word in words) hash = Mix(hash ^ word);
        Span<byte> rest = stackalloc byte[sizeof(ulong)];
        rest.Clear();
        value[(words.Length * sizeof(ulong))..].CopyTo(rest);
        return Mix(hash ^ MemoryMarshal.Read<ulong>(rest));
    }

    private static ulong Mix(ulong x)
    {
        var high = Math.BigMul(x, Second, out var low);
        return high ^ low ^ First;
    }
}
