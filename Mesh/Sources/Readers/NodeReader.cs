using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Sources.Readers;

internal static class NodeReader
{
    private static readonly string[] AddressTypes = ["Hostname", "InternalIP", "ExternalIP", "InternalDNS", "ExternalDNS"];

    public static NodeObject Read(Field root)
    {
        var meta = MetaReader.Read(root, NameRule.Subdomain, namespaced: false);
        return new NodeObject(meta, [.. root["status"]["addresses"].Items().Select(Address)], PodCidrs(root["spec"]));
    }

    private static NodeAddress Address(Field field)
    {
        field["type"].Present($"one of {string.Join(", ", AddressTypes)}");
        var type = Choice.Of(field["type"], AddressTypes) ?? "";
        return new(type, type is "InternalIP" or "ExternalIP" ? IpText.Required(field["address"]) : field["address"].Required("an address"));
    }

    private static string[] PodCidrs(Field spec)
    {
        var all = spec["podCIDRs"].Items();
        if (all.Count > 0) return [.. all.Select(IpText.RequiredCidr)];
        return spec["podCIDR"].IsSet ? [IpText.RequiredCidr(spec["podCIDR"])] : [];
    }
}
