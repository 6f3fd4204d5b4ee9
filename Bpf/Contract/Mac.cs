using System.Runtime.InteropServices;

// Mirrors Programs/contract.h, name by name.
namespace ClusterMesh.Bpf.Contract;

/// <summary>An Ethernet address.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Mac
{
    private readonly byte _byte0, _byte1, _byte2, _byte3, _byte4, _byte5;

    /// <exception cref="ArgumentOutOfRangeException">Fewer than 6 bytes.</exception>
    public Mac(ReadOnlySpan<byte> bytes) => this = MemoryMarshal.Read<Mac>(bytes);

    public override string ToString() => $"{_byte0:x2}:{_byte1:x2}:{_byte2:x2}:{_byte3:x2}:{_byte4:x2}:{_byte5:x2}";
}
