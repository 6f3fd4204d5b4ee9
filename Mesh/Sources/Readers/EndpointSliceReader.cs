using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Sources.Readers;

internal static class EndpointSliceReader
{
    private static readonly string[] AddressTypes = ["IPv4", "IPv6", "FQDN"];

    /// <summary>Null, with a warning, for a slice that belongs to no service.</summary>
    public static EndpointSliceObject? Read(Field root, bool beta)
    {
        var meta = MetaReader.Read(root, NameRule.Subdomain);
        root["addressType"].Present($"one of {string.Join(", ", AddressTypes)}");
        var type = Choice.Of(root["addressType"], AddressTypes) ?? "";
        var endpoints = root["endpoints"].Items().Select(field => EndpointReader.Read(field, type, beta)).ToArray();
        var ports = Ports(root["ports"].Items());
        if (Service(root, meta) is not { } service)
            return null;
        if (type == "FQDN")
        {
            root["addressType"].Warn("FQDN is not supported", $"the slice's {endpoints.Length} endpoints are skipped");
            endpoints = [];
        }

        return new EndpointSliceObject(meta, service, type, endpoints, ports);
    }

    private static string? Service(Field root, ObjectMeta meta)
    {
        if (meta.Labels.GetValueOrDefault(EndpointSliceObject.ServiceNameLabel) is { Length: > 0 } service)
            return service;
        var label = root["metadata"]["labels"];
        label.Warn($"has no {EndpointSliceObject.ServiceNameLabel}, so the slice belongs to no service", "the slice is ignored");
        return null;
    }

    private static EndpointPort[] Ports(IReadOnlyList<Field> fields)
    {
        var ports = new EndpointPort[fields.Count];
        var names = new HashSet<string>();
        for (var at = 0; at < ports.Length; at++)
        {
            var field = fields[at];
            var name = Dns.LabelOf(field["name"]) ?? "";
            if (!names.Add(name))
                field["name"].Error($"\"{name}\" names two ports");
            ports[at] = new EndpointPort(name, field["port"].Number(1, 65535), Choice.Protocol(field["protocol"]), field["appProtocol"].Text());
        }

        return ports;
    }
}
