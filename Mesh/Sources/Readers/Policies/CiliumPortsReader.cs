using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Http;
using ClusterMesh.Mesh.Policy.Rules;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers.Policies;

/// <summary>Ports of a rule, and what is asked about the requests on them.</summary>
/// <param name="Field">Where they stand.</param>
/// <param name="Ports">Null = every port.</param>
/// <param name="Http">Null = nothing.</param>
internal sealed record RulePorts(string Field, ImmutableArray<PolicyPort>? Ports, ImmutableArray<HttpRule>? Http);

/// <summary>toPorts and icmps of a Cilium rule.</summary>
internal static class CiliumPortsReader
{
    public const int Most = 40;

    private static readonly string[] Protocols = ["TCP", "UDP", "SCTP", "ICMP", "ICMPV6", "VRRP", "IGMP", "GRE", "IPIP", "IPV6", "ESP", "AH", "ANY"];

    /// <summary>All in one, but where some of toPorts have rules of HTTP: then each by itself.</summary>
    public static IReadOnlyList<RulePorts> Read(Field rule, PolicyDirection direction, bool denies)
    {
        var (ports, icmps) = (rule["toPorts"].Items(), rule["icmps"].Items());
        if (ports.Count > 0 && icmps.Count > 0) rule["icmps"].Error("stands beside toPorts, expected a rule of its own");
        var items = ports.Select(item => new RulePorts(item.Path, Ports(item, direction, denies), denies ? null : HttpReader.Read(item))).ToList();
        if (items.Any(item => item.Http is not null)) return items;
        ImmutableArray<PolicyPort> all = [.. items.SelectMany(item => item.Ports!.Value), .. icmps.SelectMany(IcmpReader.Fields)];
        return [new(rule.Path, ports.Count + icmps.Count == 0 ? null : all, null)];
    }

    private static ImmutableArray<PolicyPort> Ports(Field item, PolicyDirection direction, bool denies)
    {
        item.Present("ports");
        KnownFields.Only(item, denies ? ["ports"] : ["ports", "rules", "listener", "terminatingTLS", "originatingTLS", "serverNames"]);
        var ports = item["ports"].Items();
        if (ports.Count > Most) item["ports"].Error($"has {ports.Count} ports, expected at most {Most}");
        PolicyPort[] read = [.. ports.Take(Most).Select(Port)];
        if (!denies) L7Check.Check(item, direction, read);
        return ports.Count == 0 ? [PolicyPort.All] : [.. read];
    }

    private static PolicyPort Port(Field field)
    {
        field.Present("a port");
        KnownFields.Only(field, "port", "endPort", "protocol");
        var protocol = IpProtocols.Parse(Choice.Of(field["protocol"], Protocols) ?? "ANY");
        var (port, end) = (field["port"], field["endPort"]);
        var text = port.Present("a number or name, in quotes") ? MetaReader.TextOf(port) : "0";
        if (PortText.IsName(text))
        {
            if (end.IsSet) end.Error("is set beside a port's name, expected a number there");
            if (!Takes(protocol)) port.Error($"\"{Shown.Text(text)}\" is a port, which {protocol.Text()} does not have, expected \"0\"");
            return PolicyPort.Named(text.ToLowerInvariant(), protocol);
        }

        if (!PortText.TryNumber(text, out var first)) port.Error($"\"{Shown.Text(text)}\" is neither a number from 0 to 65535 nor a port's name");
        if (first > 0 && !Takes(protocol)) port.Error($"{first} is a port, which {protocol.Text()} does not have, expected \"0\"");
        var last = end.Number(0, 65535) ?? 0;
        if (last > 0 && (first == 0 || last < first)) end.Error(first == 0 ? "is set beside port 0, which means all of them" : $"{last} is less than the port {first}");
        return first == 0 ? PolicyPort.Whole(protocol) : new(protocol, first, (ushort)Math.Max(first, last));
    }

    private static bool Takes(IpProtocol protocol) => protocol is IpProtocol.Any || protocol.HasPorts();
}
