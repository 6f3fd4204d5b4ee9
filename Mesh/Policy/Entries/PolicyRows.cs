using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Policy.Entries;

/// <summary>
/// The kernel asks an identity's entries for the longest prefix only. So an entry must not stand where a shorter one of at least
/// its precedence says all of it already: a deny of all ports leaves no room for an allowed one. And one that goes to the proxy, or
/// is part of what does, says all that shorter ones allow, too (cilium.md 3.3: rules of HTTP and plain ones are a union).
/// </summary>
internal static class PolicyRows
{
    /// <param name="candidates">All that the rules say about one identity; of equal ones the first is kept.</param>
    /// <returns>Longest prefix first, so that the first match is the kernel's.</returns>
    public static ImmutableArray<PolicyRow> Of(IEnumerable<PolicyRow> candidates)
    {
        var said = new Dictionary<PortPrefix, PolicyRow>();
        foreach (var row in candidates) said[row.Ports] = said.TryGetValue(row.Ports, out var other) ? Both(other, row) : row;

        // What holds for a prefix, by the prefix: another one's row where that covers it.
        var holds = new Dictionary<PortPrefix, PolicyRow>(said.Count);
        foreach (var row in said.Values.OrderBy(row => row.Ports.Length)) holds.Add(row.Ports, Under(row, Wider(row.Ports, holds)));
        return
        [
            .. holds.Where(pair => pair.Key == pair.Value.Ports).Select(pair => pair.Value)
                .OrderByDescending(row => row.Ports.Length).ThenBy(row => row.Ports.Protocol).ThenBy(row => row.Ports.Port),
        ];
    }

    private static PolicyRow Both(PolicyRow first, PolicyRow second) => first.Denies ? first : second.Denies ? second : first.And(second);

    private static PolicyRow Under(PolicyRow row, PolicyRow? wider)
    {
        if (wider is null || (row.Denies && !wider.Denies)) return row;
        // That nobody isolates the endpoint says nothing to requests, so a rule that allows all of them is not said by it.
        if (wider.Denies || (row.Http is null && wider.AllowsAll)) return wider;
        var both = row.And(wider);
        return wider.Http is not null && wider.Http.All.Length == both.Http!.All.Length ? wider : both;
    }

    private static PolicyRow? Wider(PortPrefix ports, Dictionary<PortPrefix, PolicyRow> holds)
    {
        for (var length = ports.Length - 1; length >= 0; length--)
        {
            // Between a whole protocol and everything there is nothing.
            if (length is > 0 and < PortPrefix.ProtocolBits) length = 0;
            if (holds.TryGetValue(ports.Shortened((byte)length), out var wider)) return wider;
        }

        return null;
    }
}
