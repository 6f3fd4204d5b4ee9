using System.Net;
using System.Runtime.InteropServices;

// Mirrors Programs/contract.h, name by name.
namespace ClusterMesh.Bpf.Contract;

/// <summary>16 bytes in network order; IPv4 as ::ffff:a.b.c.d (docs/decisions/ipv6.md).</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Address : IComparable<Address>
{
    private readonly uint _word0, _word1, _word2, _word3;

    public Address(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        this = MemoryMarshal.Read<Address>(bytes);
    }

    public bool IsNone => this == default;

    /// <summary>IPv4 comes back as IPv4.</summary>
    public IPAddress ToIPAddress()
    {
        var address = new IPAddress(MemoryMarshal.AsBytes([this]));
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    /// <summary>Byte by byte.</summary>
    public int CompareTo(Address other) => MemoryMarshal.AsBytes([this]).SequenceCompareTo(MemoryMarshal.AsBytes([other]));

    public override string ToString() => ToIPAddress().ToString();
}
