using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers;

/// <summary>One endpoint of a slice. v1beta1 keeps node and zone in a map called topology.</summary>
internal static class EndpointReader
{
    private const string HostnameTopology = "kubernetes.io/hostname";
    private const string ZoneTopology = "topology.kubernetes.io/zone";

    public static Endpoint Read(Field field, string addressType, bool beta)
    {
        var addresses = field["addresses"];
        addresses.Present("a list with at least one address");
        var items = addresses.Items();
        if (addresses.Node is ListNode && items.Count == 0)
            addresses.Error("is empty, expected at least one address");
        var conditions = field["conditions"];
        var topology = field["topology"];
        return new Endpoint(
            [.. items.Select(address => Address(address, addressType))],
            conditions["ready"].Flag(),
            conditions["serving"].Flag(),
            conditions["terminating"].Flag(),
            field["nodeName"].Text() ?? (beta ? topology[HostnameTopology].Text() : null),
            beta ? topology[ZoneTopology].Text() : field["zone"].Text(),
            Pod(field["targetRef"]),
            field["hostname"].Text()) { ForZones = [.. field["hints"]["forZones"].Items().Select(zone => zone["name"].Required("a zone"))] };
    }

    private static string Address(Field field, string type)
    {
        var text = field.Required("an address");
        if (text.Length > 0 && type is "IPv4" or "IPv6" && !(type == "IPv4" ? IpText.IsV4(text) : IpText.IsV6(text)))
            field.Error($"\"{Shown.Text(text)}\" is not an {type} address of an endpoint");
        return text;
    }

    private static string? Pod(Field target) => target["kind"].Text() == "Pod" ? target["name"].Text() : null;
}
