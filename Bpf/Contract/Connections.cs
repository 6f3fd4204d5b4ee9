using System.Runtime.InteropServices;

// Mirrors Programs/contract.h, name by name.
namespace ClusterMesh.Bpf.Contract;

/// <summary>As its first packet went. ICMP echo has its id as both ports.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct ConnectionKey
{
    public Address Source;
    public Address Destination;
    public Port SourcePort;
    public Port DestinationPort;
    public byte Protocol;
    public Scope Scope;
    public ushort Pad;
}

[Flags]
public enum ConnectionFlags : ushort { Answered = 1, Fin = 2, ReplyFin = 4, Reset = 8, Told = 16, Proxied = 32, ByProxy = 64 }

[StructLayout(LayoutKind.Sequential)]
public record struct Connection
{
    /// <summary>Second of the kernel's monotonic clock.</summary>
    public uint Expires;

    public uint PeerIdentity;
    public uint PolicyRevision;
    public ConnectionFlags Flags;
    public ushort Pad;

    /// <summary>The id of the frontend that its client sees; 0 = none.</summary>
    public uint Service;

    /// <summary>In the scope of services: the backend that it was given.</summary>
    public uint Backend;

    /// <summary>As it was opened.</summary>
    public ulong Packets;

    public ulong Bytes;
    public ulong ReplyPackets;
    public ulong ReplyBytes;
}
