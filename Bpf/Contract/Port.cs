using System.Buffers.Binary;
using System.Runtime.InteropServices;

// Mirrors Programs/contract.h, name by name.
namespace ClusterMesh.Bpf.Contract;

/// <summary>A number of 16 bits in network order.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Port
{
    private readonly ushort _bigEndian;

    public Port(ushort value) => _bigEndian = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    public ushort Value => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(_bigEndian) : _bigEndian;

    public override string ToString() => Value.ToString();
}
