using System.Net;
using System.Runtime.InteropServices;

// Mirrors Programs/contract.h, name by name.
namespace ClusterMesh.Bpf.Contract;

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
