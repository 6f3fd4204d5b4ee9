using System.Text.Json;
using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Tests.Policy.Drawn;

/// <summary>The manifests of drawn policies (JSON is YAML, too).</summary>
internal static class DrawnYaml
{
    public static string Of(IEnumerable<DrawnPolicy> policies) => string.Join("\n---\n", policies.Select(policy => JsonSerializer.Serialize(Document(policy))));

    private static Dictionary<string, object> Document(DrawnPolicy policy) => new()
    {
        ["apiVersion"] = policy.Kind == "NetworkPolicy" ? "networking.k8s.io/v1" : "cilium.io/v2",
        ["kind"] = policy.Kind,
        ["metadata"] = new { name = policy.Name, @namespace = policy.Space },
        ["spec"] = policy.Kind == "NetworkPolicy" ? Kubernetes(policy) : Cilium(policy),
    };

    private static Dictionary<string, object> Kubernetes(DrawnPolicy policy)
    {
        var directions = policy.Rules.Select(rule => rule.Direction).Distinct().ToList();
        var spec = new Dictionary<string, object> { ["podSelector"] = Selector(policy.Subject), ["policyTypes"] = directions.Select(direction => direction.ToString()) };
        foreach (var direction in directions)
            spec[direction.ToString().ToLowerInvariant()] = policy.Rules.Where(rule => rule.Direction == direction).Select(KubernetesRule);
        return spec;
    }

    private static Dictionary<string, object> KubernetesRule(DrawnRule rule)
    {
        var written = new Dictionary<string, object>();
        if (rule.Peers is not null) written[rule.Direction is PolicyDirection.Ingress ? "from" : "to"] = rule.Peers.Select(KubernetesPeer);
        if (rule.Ports is not null) written["ports"] = rule.Ports.Select(KubernetesPort);
        return written;
    }

    private static Dictionary<string, object> KubernetesPeer(DrawnPeer peer)
    {
        var written = new Dictionary<string, object>();
        if (peer.Cidr is not null) written["ipBlock"] = new { cidr = peer.Cidr, except = peer.Except };
        if (peer.Pods is not null) written["podSelector"] = Selector(peer.Pods);
        if (peer.Namespaces is not null) written["namespaceSelector"] = Selector(peer.Namespaces);
        return written;
    }

    private static Dictionary<string, object> KubernetesPort(DrawnPort port)
    {
        var written = new Dictionary<string, object> { ["protocol"] = port.Protocol };
        if (port.Port.Length > 0) written["port"] = int.TryParse(port.Port, out var number) ? number : port.Port;
        if (port.End > 0) written["endPort"] = port.End;
        return written;
    }

    private static Dictionary<string, object> Cilium(DrawnPolicy policy)
    {
        var spec = new Dictionary<string, object> { ["endpointSelector"] = Selector(policy.Subject) };
        foreach (var section in policy.Rules.GroupBy(rule => rule.Direction.ToString().ToLowerInvariant() + (rule.Denies ? "Deny" : "")))
            spec[section.Key] = section.Select(CiliumRule);
        var flags = new Dictionary<string, bool>();
        if (policy.Ingress is { } ingress) flags["ingress"] = ingress;
        if (policy.Egress is { } egress) flags["egress"] = egress;
        if (flags.Count > 0) spec["enableDefaultDeny"] = flags;
        return spec;
    }

    private static Dictionary<string, object> CiliumRule(DrawnRule rule)
    {
        var written = new Dictionary<string, object>();
        var prefix = rule.Direction is PolicyDirection.Ingress ? "from" : "to";
        if (rule.Peers is { } peers)
        {
            if (peers.Any(peer => peer.Entity is not null)) written[prefix + "Entities"] = peers.Select(peer => peer.Entity);
            else if (peers.Any(peer => peer.Cidr is not null)) written[prefix + "CIDRSet"] = peers.Select(peer => new { cidr = peer.Cidr, except = peer.Except });
            else written[prefix + "Endpoints"] = peers.Select(peer => Selector(peer.Pods!));
        }

        if (rule.Ports is { } ports) written["toPorts"] = new[] { ToPorts(ports, rule.Methods) };
        return written;
    }

    private static Dictionary<string, object> ToPorts(DrawnPort[] ports, string[]? methods)
    {
        var written = new Dictionary<string, object> { ["ports"] = ports.Select(CiliumPort) };
        if (methods is not null) written["rules"] = new { http = methods.Select(method => new { method }) };
        return written;
    }

    private static Dictionary<string, object> CiliumPort(DrawnPort port)
    {
        var written = new Dictionary<string, object> { ["protocol"] = port.Protocol, ["port"] = port.Port.Length == 0 ? "0" : port.Port };
        if (port.End > 0) written["endPort"] = port.End;
        return written;
    }

    private static Dictionary<string, object> Selector(DrawnSelector selector) => selector.Requirements is []
        ? []
        : new() { ["matchExpressions"] = selector.Requirements.Select(one => new { key = one.Key, @operator = one.Operator, values = one.Values }) };
}
