using System.Net;
using System.Net.Sockets;

namespace ClusterMesh.Mesh.Policy;

/// <summary>Arithmetic of CIDRs that IPNetwork does not have.</summary>
internal static class Cidrs
{
    /// <summary>Whether all of the other lies in it.</summary>
    public static bool Holds(this IPNetwork cidr, IPNetwork other) => cidr.PrefixLength <= other.PrefixLength && cidr.Contains(other.BaseAddress);

    public static bool IsV4(this IPNetwork cidr) => cidr.BaseAddress.AddressFamily is AddressFamily.InterNetwork;

    public static IPNetwork Masked(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var at = 0; at < bytes.Length; at++)
        {
            var kept = Math.Clamp(length - (at * 8), 0, 8);
            bytes[at] &= (byte)(0xff00 >> kept);
        }

        return new IPNetwork(new IPAddress(bytes), length);
    }
}
