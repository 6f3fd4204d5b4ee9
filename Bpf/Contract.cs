using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

// Mirrors Programs/contract.h, name by name; ContractTests compares the two by the BTF of the built object.
namespace ClusterMesh.Bpf.Contract;

/// <summary>In the path of the pinned maps: another layout gets maps of its own.</summary>
public enum Layout { Version = 1 }

public enum Limits
{
    MaxEndpoints = 4096,
    MaxIpcache = 512_000,
    MaxNodes = 16_384,
    MaxConnections = 131_072,
    MaxFragments = 8192,
    MaxPolicyEntries = 16_384,
    MaxFrontends = 65_536,
    MaxBackends = 262_144,
    MaxSlots = 1 << 22,
    MaxAffinities = 65_536,
    EventRingBytes = 1 << 20,
    MaxMetrics = 512,
}

/// <summary>Which remote pods are reached by VXLAN; the others by the node's own routes.</summary>
public enum Tunnelled : byte
{
    None = 0,
    All = 1,

    /// <summary>Those whose <see cref="Peer"/> has a tunnel.</summary>
    Some = 2,
}

/// <summary>As seen by the pod.</summary>
public enum Direction : byte { Ingress = 0, Egress = 1 }

/// <summary>
/// What a connection is kept for. Ingress: the pod that was asked. Egress: the pod that opened it, or the node where it opened it for itself
/// or for somebody outside. Service: the frontend that was asked for, and which backend it was given.
/// </summary>
public enum Scope : byte { Ingress = 0, Egress = 1, Service = 2 }

/// <summary>A packet's mark, for the node's stack: identity &lt;&lt; 8 | one of these (docs/decisions/services.md).</summary>
public enum Mark
{
    Mask = 0xff,

    /// <summary>A pod's connection that the node's proxy takes.</summary>
    ToProxy = 0x02,

    /// <summary>The proxy's own: identity 0 = to whom it answers, else to a backend on behalf of that identity.</summary>
    FromProxy = 0x0b,

    /// <summary>From outside, to a backend: nftables masquerades it unless the backend is a pod of this node.</summary>
    Outside = 0x0e,

    /// <summary>The host's own, to a backend that only the stack knows the way to.</summary>
    Host = 0x0c,
}

/// <summary>Why a packet was dropped, in Cilium's numbers.</summary>
public enum DropReason : byte
{
    InvalidSource = 132,
    Policy = 133,
    InvalidPacket = 134,
    UnsupportedL3 = 139,
    WriteError = 141,
    NoTunnelKey = 147,
    Unroutable = 151,
    ConnectionInsert = 155,
    NoService = 158,
    NoTunnelEndpoint = 160,
    NoProxy = 161,
    NoPolicyMap = 165,
    InvalidIdentity = 171,
    UnknownSender = 172,
    FragmentNotFound = 175,
    ProxyUnsupported = 180,
    PolicyDeny = 181,
    InvalidCluster = 192,
}

/// <summary>What else is counted.</summary>
public enum PassReason : byte
{
    Local = 1,
    Tunnel = 2,
    Stack = 3,
    Arp = 4,
    Proxy = 5,
    UnknownIdentity = 16,
    LostEvent = 17,
    LimitedEvent = 18,
    Service = 19,
    Refused = 20,
    ProxyBypass = 21,
}

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

/// <summary>A number of 16 bits in network order.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Port
{
    private readonly ushort _bigEndian;

    public Port(ushort value) => _bigEndian = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    public ushort Value => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(_bigEndian) : _bigEndian;

    public override string ToString() => Value.ToString();
}

/// <summary>An Ethernet address.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Mac
{
    private readonly byte _byte0, _byte1, _byte2, _byte3, _byte4, _byte5;

    /// <exception cref="ArgumentOutOfRangeException">Fewer than 6 bytes.</exception>
    public Mac(ReadOnlySpan<byte> bytes) => this = MemoryMarshal.Read<Mac>(bytes);

    public override string ToString() => $"{_byte0:x2}:{_byte1:x2}:{_byte2:x2}:{_byte3:x2}:{_byte4:x2}:{_byte5:x2}";
}

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

[Flags]
public enum EndpointFlags : ushort { IngressPolicy = 1, EgressPolicy = 2 }

/// <summary>A pod of this node. A direction without its flag is not judged at all.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct Endpoint
{
    public uint Ifindex;
    public uint Identity;

    /// <summary>From one counter of the node, never reused: a connection judged at another revision is judged again.</summary>
    public uint PolicyRevision;

    public ushort Id;
    public EndpointFlags Flags;
    public Mac Mac;

    /// <summary>Of the node's end of the veth.</summary>
    public Mac GatewayMac;
}

/// <summary>The key of the ipcache.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Prefix
{
    public readonly uint Length;
    public readonly Address Address;

    public Prefix(IPNetwork network)
    {
        Address = new(network.BaseAddress);
        Length = (uint)network.PrefixLength + (network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 96u : 0);
    }
}

/// <summary>Who an address is, and the node to tunnel to; identity 0 where the range belongs to pods but the pod is not known yet.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct Peer
{
    public uint Identity;
    public uint Pad;
    public Address Tunnel;
}

/// <summary>A node that may speak for the identities of its cluster.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct Node
{
    public uint ClusterId;
}

public enum PolicyPrefix { Identity = 40, Protocol = 48, Port = 64 }

/// <summary>Lengths: <see cref="PolicyPrefix"/>, and 48 + n for a range of ports. Identity 0 is any.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct PolicyKey
{
    public uint Length;
    public uint Identity;
    public Direction Egress;
    public byte Protocol;

    /// <summary>The destination's; of ICMP: the type.</summary>
    public Port Port;
}

/// <summary>Precedence and prefix length as in cilium.md 3.3.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct PolicyEntry
{
    /// <summary>Not 0: allowed by way of the node's proxy, which asks the rest of the rules.</summary>
    public Port ProxyPort;

    public byte Deny;
    public byte PrefixLength;
    public uint Precedence;
}

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

/// <summary>Per CPU, at the reason of the drop, or 0 for connections.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct EventLimit
{
    public uint Second;
    public uint Count;
}

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
