using ClusterMesh.Mesh;
using Microsoft.Extensions.Primitives;

namespace ClusterMesh.Proxy.Edge;

/// <summary>X-Request-Id: kept when it is sane, else made: 32 hex digits.</summary>
internal static class RequestIds
{
    public static string KeepOrMake(StringValues sent, IChance chance)
    {
        if (sent.Count == 1 && sent[0] is { Length: > 0 and <= 128 } kept && IsSane(kept)) return kept;
        return string.Create(32, (chance.Next(), chance.Next()), static (text, bits) =>
        {
            Digits(text[..16], bits.Item1);
            Digits(text[16..], bits.Item2);
        });
    }

    private static void Digits(Span<char> text, ulong bits)
    {
        for (var i = 0; i < text.Length; i++, bits >>= 4) text[i] = "0123456789abcdef"[(int)(bits & 15)];
    }

    private static bool IsSane(string id)
    {
        foreach (var c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or ':' or '/' or '+' or '=')) return false;
        }

        return true;
    }
}
