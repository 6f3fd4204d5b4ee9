using System.Buffers.Binary;
using System.Net;

namespace ClusterMesh.Agent.Endpoints;

/// <summary>The addresses that this node gives to its pods. The first is the node's own, the last its gateway's.</summary>
internal sealed record AddressPool(IPNetwork Cidr)
{
    /// <summary>The node inside of its pods' range: what they see of it, and what it speaks to pods by.</summary>
    public IPAddress Router => At(1);

    /// <summary>Where the node's gateway is asked from inside of the mesh; its identity is "ingress" (cilium.md 6).</summary>
    public IPAddress Ingress => At(Size - 2);

    /// <summary>Whether a pod may have it: neither the node's, nor its gateway's, nor the range's own first and last.</summary>
    public bool Contains(IPAddress address) => Cidr.Contains(address) && Number(address) is var number && number > First + 1 && number < First + Size - 2;

    /// <summary>The lowest that nobody has or had; when there is none, the one that was let go of first. Null when all are taken.</summary>
    /// <param name="released">Those that somebody had, the oldest first.</param>
    public IPAddress? Next(IReadOnlySet<IPAddress> taken, IReadOnlyList<IPAddress> released)
    {
        var had = released.ToHashSet();
        for (var at = 2u; at < Size - 2; at++)
        {
            var address = At(at);
            if (!taken.Contains(address) && !had.Contains(address)) return address;
        }

        return released.FirstOrDefault(address => Contains(address) && !taken.Contains(address));
    }

    private uint Size => 1u << (32 - Cidr.PrefixLength);

    private uint First => Number(Cidr.BaseAddress);

    private IPAddress At(uint place)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, First + place);
        return new(bytes);
    }

    private static uint Number(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());
}
