using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Bpf.Tests;

/// <summary>Entries of a policy map, as the compiler of policies will write them (cilium.md 3.3).</summary>
internal static class Rules
{
    private const uint Normal = 0xffffffu << 8;

    public static (PolicyKey, PolicyEntry) Allow(Direction direction, uint identity = 0, byte protocol = 0, ushort port = 0, int portBits = 16) =>
        Entry(direction, identity, protocol, port, portBits, new() { Precedence = Normal | 1 });

    public static (PolicyKey, PolicyEntry) Deny(Direction direction, uint identity = 0, byte protocol = 0, ushort port = 0, int portBits = 16) =>
        Entry(direction, identity, protocol, port, portBits, new() { Deny = 1, Precedence = Normal | 255 });

    public static (PolicyKey, PolicyEntry) Redirect(Direction direction, uint identity, byte protocol, ushort port) =>
        Entry(direction, identity, protocol, port, 16, new() { ProxyPort = new(10_000), Precedence = Normal | 154 });

    private static (PolicyKey, PolicyEntry) Entry(Direction direction, uint identity, byte protocol, ushort port, int portBits, PolicyEntry entry)
    {
        var length = protocol == 0 ? PolicyPrefix.Identity : port == 0 ? PolicyPrefix.Protocol : PolicyPrefix.Protocol + portBits;
        return (new() { Length = (uint)length, Identity = identity, Egress = direction, Protocol = protocol, Port = new(port) }, entry with { PrefixLength = (byte)(length - PolicyPrefix.Identity) });
    }
}
