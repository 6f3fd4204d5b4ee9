using System.Net;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers;

internal static class ServiceReader
{
    private static readonly string[] Types = ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"];

    public static ServiceObject Read(Field root)
    {
        var meta = MetaReader.Read(root, NameRule.Label);
        var spec = root["spec"];
        var type = Choice.Of(spec["type"], Types) ?? "ClusterIP";
        var address = ClusterIP(spec["clusterIP"]);
        var ports = spec["ports"];
        if (type != "ExternalName" && address != "None" && ports.Present("a list with at least one port") && ports.Items() is [])
            ports.Error("is empty, expected at least one port");
        return new ServiceObject(meta, Ports(ports.Items()), address, type) { Selector = MetaReader.Texts(spec["selector"]) };
    }

    private static string? ClusterIP(Field field)
    {
        if (field.Text() is not { Length: > 0 } address)
            return null;
        if (address != "None" && !IPAddress.TryParse(address, out _))
            field.Error($"\"{Shown.Text(address)}\" is neither an IP address nor None");
        return address;
    }

    private static ServicePort[] Ports(IReadOnlyList<Field> fields)
    {
        var ports = new ServicePort[fields.Count];
        for (var at = 0; at < ports.Length; at++)
        {
            ports[at] = Port(fields[at], alone: ports.Length == 1);
            foreach (var earlier in ports.AsSpan(0, at))
                CheckDiffers(fields[at], ports[at], earlier);
        }

        return ports;
    }

    private static ServicePort Port(Field field, bool alone)
    {
        var name = alone ? Dns.LabelOf(field["name"]) ?? "" : Dns.RequiredLabel(field["name"], "a name, as the service has several ports");
        var number = field["port"];
        number.Present("a number from 1 to 65535");
        TargetPort(field["targetPort"]);
        return new ServicePort(name, number.Number(1, 65535) ?? 0, Choice.Protocol(field["protocol"]), field["appProtocol"].Text());
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
    }
}
