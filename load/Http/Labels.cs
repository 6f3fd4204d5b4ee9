using System.Text;

namespace ClusterMesh.Load.Http;

/// <summary>One string per distinct label, so that thousands of answers a second allocate none.</summary>
internal static class Labels
{
    private const int MaxKept = 64;

    private static volatile (byte[] Bytes, string Text)[] _known = [];

    public static string Of(ReadOnlySpan<byte> bytes)
    {
        foreach (var (known, text) in _known)
        {
            if (bytes.SequenceEqual(known))
                return text;
        }

        var label = Encoding.Latin1.GetString(bytes);
        var before = _known;
        // Two threads may add at once and one entry may be lost: it is then added at its next use.
        if (before.Length < MaxKept)
            _known = [.. before, (bytes.ToArray(), label)];
        return label;
    }
}
