using System.Net;

namespace ClusterMesh.Agent.Network;

/// <summary>
/// The VXLAN interface: each packet brings its own tunnel, or has none and is dropped. It also holds the node's addresses inside
/// of its pods' range: its own and its gateway's.
/// </summary>
internal static class Overlay
{
    public const string Device = "vx0";

    /// <summary>VXLAN as the kernel and Cilium have it by default.</summary>
    public const int Port = 8472;

    /// <summary>Makes what is missing; what is there and right stays as it is.</summary>
    /// <returns>The number of the interface.</returns>
    /// <exception cref="NetworkException">The kernel has no VXLAN, or the port is taken.</exception>
    public static int Ensure(IPAddress router, IPAddress ingress, int mtu)
    {
        if (Interfaces.IndexOf(Device) != 0 && !IsOurs()) Interfaces.Delete(Device);
        if (Interfaces.IndexOf(Device) == 0) IpTool.Run($"link add {Device} type vxlan external dstport {Port} nolearning");
        var others = IpTool.Show("-4", "addr", "show", "dev", Device).SelectMany(link => link.GetProperty("addr_info").EnumerateArray())
            .Select(address => address.Text("local")).Where(address => address != router.ToString() && address != ingress.ToString());
        IpTool.Run([
            // arp off: neighbours need no resolving, the address inside is never looked at.
            $"link set {Device} mtu {mtu} arp off addrgenmode none up",
            .. others.Select(address => $"addr delete {address}/32 dev {Device}"),
            $"addr replace {router}/32 dev {Device}",
            $"addr replace {ingress}/32 dev {Device}",
        ]);
        Sysctl.TakeFromAnywhere(Device);
        return Interfaces.IndexOf(Device);
    }

    private static bool IsOurs()
    {
        var info = IpTool.Show("link", "show", "dev", Device).Select(link => link.TryGetProperty("linkinfo", out var kind) ? kind : default).FirstOrDefault();
        return info.ValueKind == System.Text.Json.JsonValueKind.Object && info.Text("info_kind") == "vxlan" && info.TryGetProperty("info_data", out var settings)
            && settings.TryGetProperty("external", out var external) && external.ValueKind == System.Text.Json.JsonValueKind.True && settings.Number("port") == Port;
    }
}
