using System.Runtime.InteropServices;

// Mirrors Programs/contract.h, name by name.
namespace ClusterMesh.Bpf.Contract;

/// <summary>Per CPU, at the reason of the drop, or 0 for connections.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct EventLimit
{
    public uint Second;
    public uint Count;
}

/// <summary>Per CPU, at reason * 2 + direction.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct Metric
{
    public ulong Packets;
    public ulong Bytes;

    public static Metric operator +(Metric a, Metric b) => new() { Packets = a.Packets + b.Packets, Bytes = a.Bytes + b.Bytes };
}

public enum EventType : byte { Drop = 1, Connection = 2, End = 3 }

/// <summary>A drop, or a connection's beginning or end. The end is told as the connection was opened.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct Event
{
    /// <summary>Nanoseconds of the kernel's monotonic clock.</summary>
    public ulong Time;

    public Address Source;
    public Address Destination;
    public uint SourceIdentity;
    public uint DestinationIdentity;
    public uint Ifindex;
    public uint Length;
    public Port SourcePort;
    public Port DestinationPort;

    /// <summary>The pod of this node that the verdict is about; 0 = none.</summary>
    public ushort Endpoint;

    public EventType Type;
    public byte Reason;
    public Direction Direction;
    public byte Protocol;
    public byte TcpFlags;
    public byte IcmpType;

    /// <summary>The id of the frontend that was asked for; 0 = none.</summary>
    public uint Service;

    /// <summary>Of an ended connection, both ways; else of this packet.</summary>
    public ulong Packets;

    public ulong Bytes;
}
