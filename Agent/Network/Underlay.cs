using System.Collections.Immutable;
using System.Net;
using System.Text.Json;

namespace ClusterMesh.Agent.Network;

/// <summary>How this node reaches the others: an interface, and its own addresses.</summary>
/// <param name="Subnets">What is on the interface's own segment.</param>
/// <param name="NodeAddresses">Of every interface, loopback and links apart: packets from them are the node's own.</param>
internal sealed record Underlay(string Device, int Ifindex, int Mtu, IPAddress Address, ImmutableArray<IPNetwork> Subnets, ImmutableArray<IPAddress> NodeAddresses)
{
    /// <summary>Bytes that VXLAN over IPv4 adds: inner Ethernet, VXLAN, UDP and IP.</summary>
    public const int TunnelOverhead = 50;

    public bool IsOnSegment(IPAddress address) => Subnets.Any(subnet => subnet.Contains(address));

    /// <param name="device">Asked for; null = the one that has a node's address, else the default route's.</param>
    /// <param name="nodeIps">Where others reach this node; the first that an interface has is taken.</param>
    /// <exception cref="NetworkException">No interface is that one, or it has no IPv4 address.</exception>
    public static Underlay Find(string? device, IReadOnlyList<IPAddress> nodeIps) => Of(device, nodeIps, IpTool.Show("-4", "addr", "show"), IpTool.Show("-4", "route", "show", "default"));

    internal static Underlay Of(string? device, IReadOnlyList<IPAddress> nodeIps, IReadOnlyList<JsonElement> links, IReadOnlyList<JsonElement> defaults)
    {
        var all = links.Select(Read).Where(link => link.Addresses.Length > 0).ToList();
        var byAddress = all.FirstOrDefault(link => link.Addresses.Any(pair => nodeIps.Contains(pair.Address)));
        var byRoute = defaults.Select(route => route.Text("dev")).FirstOrDefault();
        var name = device ?? byAddress?.Name ?? byRoute
            ?? throw new NetworkException($"no interface has {(nodeIps.Count == 0 ? "a known address of this node" : string.Join(" or ", nodeIps))}, and there is no default route: name it by --device");
        var found = all.Find(link => link.Name == name) ?? throw new NetworkException($"--device: there is no interface {name} with an IPv4 address");
        var own = found.Addresses.FirstOrDefault(pair => nodeIps.Contains(pair.Address)) is { Address: not null } wanted ? wanted : found.Addresses[0];
        return new(
            found.Name, found.Ifindex, found.Mtu, own.Address, [.. found.Addresses.Select(pair => pair.Subnet).Distinct()],
            [.. all.SelectMany(link => link.Addresses).Select(pair => pair.Address).Where(address => !IPAddress.IsLoopback(address)).Distinct()]);
    }

    private static Link Read(JsonElement link) => new(
        link.Text("ifname")!, link.Number("ifindex"), link.Number("mtu"),
        [
            .. from address in link.GetProperty("addr_info").EnumerateArray()
               where address.Text("family") == "inet" && address.Text("scope") != "link"
               let local = IPAddress.Parse(address.Text("local")!)
               select (local, SubnetOf(local, address.Number("prefixlen"))),
        ]);

    private static IPNetwork SubnetOf(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var at = 0; at < bytes.Length; at++) bytes[at] &= (byte)(0xff00 >> Math.Clamp(length - (at * 8), 0, 8));
        return new(new IPAddress(bytes), length);
    }

    private sealed record Link(string Name, int Ifindex, int Mtu, ImmutableArray<(IPAddress Address, IPNetwork Subnet)> Addresses);
}
