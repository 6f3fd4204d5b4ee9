using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Mesh.Identity;

namespace ClusterMesh.Mesh.Policy.Selectors;

/// <summary>
/// This node's numbers for the CIDRs that policies name (cilium.md 3.1: from 0x01000000 on, never on the wire). An address has the
/// number of the longest of them that holds it, unless the mesh knows it as a pod or node.
/// </summary>
public sealed class CidrIdentities
{
    /// <summary>First and last number; the lowest stays free.</summary>
    public const uint First = 0x01000001, Last = 0x01ffffff;

    private readonly uint _next;
    private readonly ImmutableHashSet<uint> _used;

    private CidrIdentities(ImmutableDictionary<IPNetwork, uint> byCidr, ImmutableHashSet<uint> used, uint next) => (ByCidr, _used, _next) = (byCidr, used, next);

    public static CidrIdentities None { get; } = new(ImmutableDictionary<IPNetwork, uint>.Empty, [], First);

    public ImmutableDictionary<IPNetwork, uint> ByCidr { get; }

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
            while (!used.Add(next)) next = After(next);
            byCidr.Add(cidr, next);
            next = After(next);
        }

        return new(byCidr.ToImmutable(), used.ToImmutable(), next);
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
