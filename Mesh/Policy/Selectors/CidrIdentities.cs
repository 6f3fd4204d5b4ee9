using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Mesh.Identity;

namespace ClusterMesh.Mesh.Policy.Selectors;

/// <summary>
/// This node's numbers for the CIDRs that policies name (cilium.md 3.1: from 0x01000000 on, never on the wire). An address has the
/// number of the longest of them that holds it, unless the mesh knows it as a pod or node.
/// </summary>
/// <remarks>
/// A packet's mark keeps 24 bits of a number, so that all but the 25th must tell it from every other: they are those of a cluster 0, which
/// there is not, above the reserved ones (contract.h: identity_of_mark).
/// </remarks>
public sealed class CidrIdentities
{
    /// <summary>First and last number.</summary>
    public const uint First = Scope | NumericIdentity.FirstLocal, Last = Scope | 0xffff;

    private const uint Scope = 1 << 24;

    private readonly uint _next;
    private readonly ImmutableHashSet<uint> _used;

    private CidrIdentities(ImmutableDictionary<IPNetwork, uint> byCidr, ImmutableHashSet<uint> used, uint next) => (ByCidr, _used, _next) = (byCidr, used, next);

    public static CidrIdentities None { get; } = new(ImmutableDictionary<IPNetwork, uint>.Empty, [], First);

    public ImmutableDictionary<IPNetwork, uint> ByCidr { get; }

    /// <summary>How many got no number, as there were no more.</summary>
    public int Unnumbered { get; private init; }

    /// <summary>The same numbers for the CIDRs that stay; a number that became free is the last to be given again.</summary>
    public CidrIdentities With(IEnumerable<IPNetwork> cidrs)
    {
        var wanted = cidrs.Where(cidr => cidr.PrefixLength > 0).ToHashSet();
        var (byCidr, used, next) = (ByCidr.ToBuilder(), _used.ToBuilder(), _next);
        foreach (var (gone, id) in ByCidr.Where(pair => !wanted.Contains(pair.Key)))
        {
            byCidr.Remove(gone);
            used.Remove(id);
        }

        // In a fixed order, so that the same policies give the same numbers after a restart.
        foreach (var cidr in wanted.Where(cidr => !byCidr.ContainsKey(cidr)).OrderBy(cidr => cidr.ToString(), StringComparer.Ordinal))
        {
            if (used.Count > Last - First) break;
            while (!used.Add(next)) next = After(next);
            byCidr.Add(cidr, next);
            next = After(next);
        }

        return new(byCidr.ToImmutable(), used.ToImmutable(), next) { Unnumbered = wanted.Count - byCidr.Count };
    }

    /// <summary>The number of an address outside the mesh.</summary>
    public uint Of(IPAddress address)
    {
        for (var length = address.GetAddressBytes().Length * 8; length > 0; length--)
        {
            if (ByCidr.TryGetValue(Cidrs.Masked(address, length), out var id)) return id;
        }

        return NumericIdentity.World;
    }

    private static uint After(uint id) => id == Last ? First : id + 1;
}
