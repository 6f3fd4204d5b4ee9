using System.Runtime.InteropServices;

// Mirrors Programs/contract.h, name by name.
namespace ClusterMesh.Bpf.Contract;

/// <summary>Set in each object before it is loaded. Lifetimes in seconds, Cilium's by default (cilium.md 3.4).</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct Settings()
{
    public uint OverlayIfindex;
    public uint TcpLifetime = 21_600;
    public uint OpeningLifetime = 60;
    public uint ClosingLifetime = 10;
    public uint OtherLifetime = 60;

    /// <summary>Drops of one reason told in a second by one CPU; the others are counted as <see cref="PassReason.LimitedEvent"/>. 0 = all.</summary>
    public uint DropEventLimit = 100;

    /// <summary>Connections, new and ended, told in a second by one CPU. 0 = all.</summary>
    public uint FlowEventLimit = 1000;

    /// <summary>The UDP port of tunnels, in the machine's order.</summary>
    public ushort TunnelPort = 8472;

    public Tunnelled Tunnel = Tunnelled.All;
    public byte FlowEvents = 1;
    public byte DropEvents = 1;

    /// <summary>1: connections can be given to the node's proxy, as the kernel has sk_lookup. Without, what policy gives to it is dropped.</summary>
    public byte Proxy = 1;

    private readonly byte _pad0, _pad1;
}
