using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Sources.Readers.Policies;

/// <summary>
/// What Cilium refuses in the parts of toPorts that are about requests, names and TLS. Most are not enforced yet, but what is wrong is
/// told as wrong and not as missing.
/// </summary>
internal static class L7Check
{
    private static readonly string[] Types = ["http", "dns", "kafka", "l7", "l7proto"];

    public static void Check(Field item, PolicyDirection direction, PolicyPort[] ports)
    {
        var (rules, names, listener) = (item["rules"], item["serverNames"], item["listener"]);
        KnownFields.Only(rules, Types);
        var types = Types.Where(type => type != "l7" && rules[type].IsSet).ToList();
        if (types.Count > 1) rules.Error($"has {types[0]} and {types[1]}, expected one type of rules");
        if (rules["l7"].IsSet && !rules["l7proto"].IsSet) rules["l7"].Error("is set without l7proto");
        if (types.Count > 0) CheckPorts(item["ports"], rules, ports);
        if (rules["dns"].IsSet) CheckDns(rules["dns"], direction, ports);
        if (listener.IsSet) CheckListener(listener, direction, types.Count > 0);
        foreach (var name in names.Items()) name.Required("a server name");
        if (names.Items().Count > 0 && types.Count > 0 && !item["terminatingTLS"].IsSet) names.Error("stands beside rules, which needs terminatingTLS");
    }

    private static void CheckPorts(Field field, Field rules, PolicyPort[] ports)
    {
        if (rules["http"].IsSet && ports.Length == 0) field.Error("is missing, expected a port that rules can apply to");
        else if (ports.Any(port => port.IsWhole)) field.Error("has port 0, expected a port that rules can apply to");
        else if (!rules["dns"].IsSet && ports.Any(port => port.Protocol is not IpProtocol.Tcp)) field.Error("has another protocol than TCP, expected TCP as there are rules");
    }

    private static void CheckDns(Field dns, PolicyDirection direction, PolicyPort[] ports)
    {
        if (direction is PolicyDirection.Ingress) dns.Error("is set for ingress, expected it for egress only");
        else if (ports.Length == 0) dns.Error("is set without ports, expected port 53");
        else if (ports.Any(port => port.Last > port.First)) dns.Error("is set beside a range of ports, expected single ones");
    }

    private static void CheckListener(Field listener, PolicyDirection direction, bool rules)
    {
        if (direction is PolicyDirection.Ingress) listener.Error("is set for ingress, expected it for egress only");
        else if (rules) listener.Error("stands beside rules, expected one of them");
    }
}
