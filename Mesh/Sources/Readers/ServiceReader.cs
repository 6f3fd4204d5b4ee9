using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers;

internal static class ServiceReader
{
    private static readonly string[] Types = ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"], Affinities = ["None", "ClientIP"];

    /// <summary>Seconds: Kubernetes' default.</summary>
    private const int DefaultAffinity = 10_800;

    public static ServiceObject Read(Field root)
    {
        var meta = MetaReader.Read(root, NameRule.Label);
        var spec = root["spec"];
        var type = Choice.Of(spec["type"], Types) ?? "ClusterIP";
        var (address, moreAddresses) = ClusterIPs(spec);
        var ports = spec["ports"];
        if (type != "ExternalName" && address != "None" && ports.Present("a list with at least one port") && ports.Items() is [])
            ports.Error("is empty, expected at least one port");
        return new ServiceObject(meta, Ports(ports.Items(), type), address, type)
        {
            Selector = MetaReader.Texts(spec["selector"]),
            Exposure = ExposureReader.Read(root, type, moreAddresses),
            ClientAffinity = ClientAffinity(spec),
            InternalLocal = ExposureReader.IsLocal(spec["internalTrafficPolicy"]),
        };
    }

    private static TimeSpan? ClientAffinity(Field spec)
    {
        var seconds = spec["sessionAffinityConfig"]["clientIP"]["timeoutSeconds"].Number(1, 86_400) ?? DefaultAffinity;
        return Choice.Of(spec["sessionAffinity"], Affinities) == "ClientIP" ? TimeSpan.FromSeconds(seconds) : null;
    }

    // The API server writes the first one in both places; whoever writes by hand may leave one out.
    private static (string? First, string[] More) ClusterIPs(Field spec)
    {
        var first = ClusterIP(spec["clusterIP"]);
        var all = spec["clusterIPs"].Items().Select(ClusterIP).OfType<string>().ToArray();
        if (all.Length > 2)
            spec["clusterIPs"].Error($"has {all.Length} addresses, expected one of each family");
        if (first is not null && all.Length > 0 && all[0] != first)
            spec["clusterIPs"].Error($"begins with {all[0]}, expected the clusterIP {first}");
        return (first ?? all.FirstOrDefault(), all.Length > 1 ? all[1..] : []);
    }

    private static string? ClusterIP(Field field)
    {
        if (field.Text() is not { Length: > 0 } address)
            return null;
        if (address == "None" || IpText.IsV4(address) || IpText.IsV6(address))
            return address;
        field.Error($"\"{Shown.Text(address)}\" is neither an IP address nor None");
        return null;
    }

    private static ServicePort[] Ports(IReadOnlyList<Field> fields, string type)
    {
        var ports = new ServicePort[fields.Count];
        for (var at = 0; at < ports.Length; at++)
        {
            ports[at] = Port(fields[at], type, alone: ports.Length == 1);
            foreach (var earlier in ports.AsSpan(0, at))
                CheckDiffers(fields[at], ports[at], earlier);
        }

        return ports;
    }

    private static ServicePort Port(Field field, string type, bool alone)
    {
        var name = alone ? Dns.LabelOf(field["name"]) ?? "" : Dns.RequiredLabel(field["name"], "a name, as the service has several ports");
        var number = field["port"];
        number.Present("a number from 1 to 65535");
        TargetPort(field["targetPort"]);
        return new ServicePort(name, number.Number(1, 65535) ?? 0, Choice.Protocol(field["protocol"]), field["appProtocol"].Text()) { NodePort = NodePort(field["nodePort"], type) };
    }

    // 0 is how a port that is still to be assigned may be written.
    private static int? NodePort(Field field, string type)
    {
        if (field.Number(0, 65535) is not ({ } number and > 0))
            return null;
        if (type is "NodePort" or "LoadBalancer")
            return number;
        field.Warn($"{number} on a Service of type {type}", "it is ignored");
        return null;
    }

    private static void TargetPort(Field field)
    {
        if (field.Node is ScalarNode { Type: ScalarType.String })
            Dns.LabelOf(field);
        else
            field.Number(1, 65535);
    }

    private static void CheckDiffers(Field field, ServicePort port, ServicePort earlier)
    {
        if (port.Name.Length > 0 && port.Name == earlier.Name)
            field["name"].Error($"\"{port.Name}\" names two ports");
        if (port.Port > 0 && (port.Port, port.Protocol) == (earlier.Port, earlier.Protocol))
            field["port"].Error($"{port.Port}/{port.Protocol} is there twice");
        if (port.NodePort is not null && (port.NodePort, port.Protocol) == (earlier.NodePort, earlier.Protocol))
            field["nodePort"].Error($"{port.NodePort}/{port.Protocol} is there twice");
    }
}
