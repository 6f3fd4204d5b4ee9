using System.Runtime.InteropServices;

// Mirrors Programs/contract.h, name by name.
namespace ClusterMesh.Bpf.Contract;

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
