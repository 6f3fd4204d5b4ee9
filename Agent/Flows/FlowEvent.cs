using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Agent.Flows;

internal enum FlowType : byte { NewConnection, End, Drop, PolicyVerdict, L7, LostEvents }

/// <summary>What a program of the data path told, before any name is looked up: cheap enough for a flood of them.</summary>
/// <param name="Time">Of the kernel's monotonic clock.</param>
internal readonly record struct FlowEvent(
    FlowType Type, TimeSpan Time, Address Source, Address Destination, ushort SourcePort, ushort DestinationPort, byte Protocol)
{
    public uint SourceIdentity { get; init; }

    public uint DestinationIdentity { get; init; }

    public Direction Direction { get; init; }

    /// <summary>Of a drop.</summary>
    public byte Reason { get; init; }

    public byte TcpFlags { get; init; }

    public byte IcmpType { get; init; }

    public long Packets { get; init; }

    public long Bytes { get; init; }

    /// <summary>The number of the frontend that was asked for, where a backend was chosen; 0 = none.</summary>
    public uint Service { get; init; }
}
