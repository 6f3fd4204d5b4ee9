using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Rules;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers.Policies;

/// <summary>The rules of a NetworkPolicy for one direction. Missing or empty peers, or ports, mean all of them.</summary>
internal static class NetworkPolicyRuleReader
{
    public static IEnumerable<PolicyRule> Read(Field rules, PolicyDirection direction, string space) => rules.Items().Select(rule => Rule(rule, direction, space));

    private static PolicyRule Rule(Field rule, PolicyDirection direction, string space)
    {
        var errors = rule.Errors;
        var name = direction is PolicyDirection.Ingress ? "from" : "to";
        rule.Present("a rule");
        KnownFields.Only(rule, name, "ports");
        var peers = rule[name].Items().Select(peer => Peer(peer, space)).ToList();
        var ports = rule["ports"].Items().Select(Port).ToList();
        if (rule.Errors != errors) return PolicyRule.Closed(direction, denies: false, rule.Path);
        return new(direction, false, rule.Path, peers is [] ? null : [.. peers.OfType<PolicyPeer>()], ports is [] ? null : [.. ports]);
    }

    private static PolicyPeer? Peer(Field peer, string space)
    {
        KnownFields.Only(peer, "podSelector", "namespaceSelector", "ipBlock");
        var (pods, namespaces, block) = (peer["podSelector"], peer["namespaceSelector"], peer["ipBlock"]);
        if (block.IsSet)
        {
            if (pods.IsSet || namespaces.IsSet) block.Error("stands beside a selector, expected one of them alone");
            return Block(block);
        }

        if (!pods.IsSet && !namespaces.IsSet) peer.Error("is empty, expected podSelector, namespaceSelector or ipBlock");
        var spaces = namespaces.IsSet ? SelectorReader.Read(namespaces, SelectorScopes.NamespaceLabel) : null;
        return new LabelPeer(SelectorScopes.KubernetesPeer(SelectorReader.Read(pods, SelectorScopes.KubernetesLabel), spaces, space));
    }

    private static CidrPeer? Block(Field block)
    {
        KnownFields.Only(block, "cidr", "except");
        var cidr = CidrReader.Read(block["cidr"], orAddress: false);
        var except = CidrReader.Except(block["except"], cidr);
        return cidr is { } whole ? new(whole, except) : null;
    }

    private static PolicyPort Port(Field field)
    {
        field.Present("a port");
        KnownFields.Only(field, "port", "endPort", "protocol");
        var protocol = IpProtocols.Parse(Choice.Protocol(field["protocol"]));
        var (port, end) = (field["port"], field["endPort"]);
        if (!port.IsSet)
        {
            if (end.IsSet) end.Error("is set without port");
            return PolicyPort.Whole(protocol);
        }

        if (port.Node is ScalarNode { Type: ScalarType.String } named)
        {
            if (!PortText.IsName(named.Text)) port.Error($"\"{Shown.Text(named.Text)}\" is not a port's name (at most 15 letters, digits and '-', with a letter)");
            if (end.IsSet) end.Error("is set beside a port's name, expected a number there");
            return PolicyPort.Named(named.Text.ToLowerInvariant(), protocol);
        }

        var first = port.Number(1, 65535) ?? 1;
        return new(protocol, (ushort)first, (ushort)(end.Number(first, 65535) ?? first));
    }
}
