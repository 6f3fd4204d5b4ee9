using System.Runtime.InteropServices;

// Mirrors Programs/contract.h, name by name.
namespace ClusterMesh.Bpf.Contract;

/// <summary>What clients ask for.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct FrontendKey
{
    public Address Address;
    public Port Port;
    public byte Protocol;
    public byte Pad;
}

[Flags]
public enum FrontendFlags : uint { Random = 1, External = 2, L7 = 4 }

/// <summary>How new connections to a frontend are balanced.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct Frontend
{
    public uint Id;

    /// <summary>Its region of the slots; count 0 = nobody is there.</summary>
    public uint Slots;

    public uint Count;

    /// <summary>Seconds; 0 = none.</summary>
    public uint Affinity;

    public FrontendFlags Flags;
}

/// <summary>What the clients of a frontend see.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct Reverse
{
    public Address Address;
    public Port Port;
    public ushort Pad;
}

/// <summary>One frontend's backend. Gone from the map, its connections go elsewhere or end.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct Backend
{
    public Address Address;
    public Port Port;

    /// <summary>1: keeps its connections, gets no new ones.</summary>
    public byte Draining;

    public byte Pad;
    public uint Service;
    public ulong Weight;
}

/// <summary>Slots hold backend ids, two by two, as the kernel makes no element smaller than 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct SlotPair
{
    private readonly uint _even, _odd;
}

[StructLayout(LayoutKind.Sequential)]
public record struct AffinityKey
{
    public Address Client;
    public uint Service;
}

[StructLayout(LayoutKind.Sequential)]
public record struct Affinity
{
    public uint Backend;

    /// <summary>Second of the kernel's monotonic clock.</summary>
    public uint Used;
}
