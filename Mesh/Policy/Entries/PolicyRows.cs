using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Policy.Entries;

/// <summary>
/// The kernel asks an identity's entries for the longest prefix only. So an entry must not stand where a shorter one of at least
/// its precedence says all of it already: a deny of all ports leaves no room for an allowed one.
/// </summary>
internal static class PolicyRows
{
    /// <param name="candidates">All that the rules say about one identity; of equal ones the first is kept.</param>
    /// <returns>Longest prefix first, so that the first match is the kernel's.</returns>
    public static ImmutableArray<PolicyRow> Of(IEnumerable<PolicyRow> candidates)
    {
        var best = new Dictionary<PortPrefix, PolicyRow>();
        foreach (var row in candidates)
        {
            if (!best.TryGetValue(row.Ports, out var other) || row.Precedence > other.Precedence) best[row.Ports] = row;
        }

        return [.. best.Values.Where(row => !IsCovered(row, best)).OrderByDescending(row => row.Ports.Length).ThenBy(row => row.Ports.Protocol).ThenBy(row => row.Ports.Port)];
    }

    private static bool IsCovered(PolicyRow row, Dictionary<PortPrefix, PolicyRow> best)
    {
        for (var length = row.Ports.Length - 1; length >= 0; length--)
        {
            // Between a whole protocol and everything there is nothing.
            if (length is > 0 and < PortPrefix.ProtocolBits) length = 0;
            if (best.TryGetValue(row.Ports.Shortened((byte)length), out var wider) && wider.Precedence >= row.Precedence) return true;
        }

        return false;
    }
}
