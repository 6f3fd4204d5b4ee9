using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace ClusterMesh.Proxy.Split;

/// <summary>
/// Weighted rendezvous hashing: who was on a side stays there while its weight grows, whatever happens to the others
/// (peers.md section 6 #9); a side that is out gives its members to the others in proportion.
/// </summary>
internal static class StickyHash
{
    public static ulong Of(ReadOnlySpan<char> key) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(key));

    /// <summary>One number for key and member, well mixed (the finalizer of MurmurHash3).</summary>
    public static ulong Mix(ulong key, ulong member)
    {
        var x = key ^ (member * 0x9E3779B97F4A7C15);
        x = (x ^ (x >> 33)) * 0xFF51AFD7ED558CCD;
        x = (x ^ (x >> 33)) * 0xC4CEB9FE1A85EC53;
        return x ^ (x >> 33);
    }

    /// <summary>A score, of which the lowest wins: exponentially distributed with the weight as its rate.</summary>
    public static double Score(ulong key, ulong member, double weight) =>
        -Math.Log(((Mix(key, member) >> 11) + 1) * (1.0 / ((1UL << 53) + 1))) / weight;
}
