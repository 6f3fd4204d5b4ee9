using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Policy.Entries;

/// <summary>
/// The part of a policy map's key that is matched by its longest prefix: 8 bits of protocol, then 16 of port (cilium.md 3.3).
/// Length 0 = everything, 8 = a protocol, 24 = one port, between them an aligned range.
/// </summary>
public readonly record struct PortPrefix(IpProtocol Protocol, ushort Port, byte Length)
{
    public const byte ProtocolBits = 8, AllBits = 24;

    public static PortPrefix Everything => default;

    public bool Matches(IpProtocol protocol, ushort port) =>
        Length == 0 || (protocol == Protocol && (Length == ProtocolBits || (port ^ Port) >> (AllBits - Length) == 0));

    /// <summary>The prefix of that length which holds this one.</summary>
    public PortPrefix Shortened(byte length) =>
        length == 0 ? Everything : new(Protocol, (ushort)(Port & (0xffff << (AllBits - length))), length);

    public override string ToString() => Length switch
    {
        0 => "any",
        ProtocolBits => Protocol.Text(),
        AllBits => $"{Port}/{Protocol.Text()}",
        _ => $"{Port}-{Port | (0xffff >> (Length - ProtocolBits))}/{Protocol.Text()}",
    };

    /// <summary>The fewest prefixes that together are these ports, which must not be a name.</summary>
    internal static IEnumerable<PortPrefix> Of(PolicyPort port)
    {
        if (port.Protocol is not IpProtocol.Any) return Range(port.Protocol, port.First, port.Last);
        if (port.IsWhole) return [Everything];
        return IpProtocols.WithPorts.ToArray().SelectMany(protocol => Range(protocol, port.First, port.Last));
    }

    private static IEnumerable<PortPrefix> Range(IpProtocol protocol, int first, int last)
    {
        while (first <= last)
        {
            var free = 0;
            while (free < 16 && (first & ((2 << free) - 1)) == 0 && first + (2 << free) - 1 <= last) free++;
            yield return new(protocol, (ushort)first, (byte)(AllBits - free));
            first += 1 << free;
        }
    }
}
