using System.Runtime.InteropServices;

// Mirrors Programs/contract.h, name by name.
namespace ClusterMesh.Bpf.Contract;

[StructLayout(LayoutKind.Sequential)]
public record struct FragmentKey
{
    public Address Source;
    public Address Destination;
    public uint Id;
    public byte Protocol;
    private readonly byte _pad0, _pad1, _pad2;
}

[StructLayout(LayoutKind.Sequential)]
public record struct FragmentPorts
{
    public Port Source;
    public Port Destination;
}
