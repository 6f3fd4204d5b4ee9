using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Sources.Readers;

internal static class PodReader
{
    private static readonly string[] Phases = ["Pending", "Running", "Succeeded", "Failed", "Unknown"];

    public static PodObject Read(Field root)
    {
        var meta = MetaReader.Read(root, NameRule.Subdomain);
        var (spec, status) = (root["spec"], root["status"]);
        return new PodObject(
            meta,
            Set(spec["nodeName"]),
            Ips(status),
            Set(spec["serviceAccountName"]) ?? Set(spec["serviceAccount"]) ?? "default",
            spec["hostNetwork"].Flag() ?? false,
            Choice.Of(status["phase"], Phases) ?? "Pending") { Ports = Ports(spec["containers"]) };
    }

    private static string? Set(Field field) => field.Text() is { Length: > 0 } text ? text : null;

    private static string[] Ips(Field status)
    {
        var all = status["podIPs"].Items();
        if (all.Count > 0) return [.. all.Select(item => IpText.Required(item["ip"])).Distinct()];
        return Set(status["podIP"]) is null ? [] : [IpText.Required(status["podIP"])];
    }

    private static ContainerPort[] Ports(Field containers)
    {
        var ports = new List<ContainerPort>();
        foreach (var field in containers.Items().SelectMany(container => container["ports"].Items()))
        {
            var number = field["containerPort"];
            number.Present("a number from 1 to 65535");
            var port = new ContainerPort(Dns.LabelOf(field["name"]) ?? "", number.Number(1, 65535) ?? 0, Choice.Protocol(field["protocol"]));
            if (port.Name.Length > 0) ports.Add(port);
        }

        return [.. ports];
    }
}
