using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Sources.Readers.Policies;

/// <summary>What Cilium's policies can ask for and we do not enforce yet.</summary>
internal static class Unsupported
{
    private static readonly string[] OfPorts = ["listener", "terminatingTLS", "originatingTLS", "serverNames"];

    private static readonly string[] OfRules = ["dns", "kafka", "l7", "l7proto"];

    public static bool In(Field rule, PolicyDirection direction, bool denies)
    {
        var found = false;
        var instead = denies ? "the rule denies every peer and port instead" : "the rule allows nothing, the endpoint stays isolated";
        if (CiliumPeersReader.NarrowsOthers(rule, direction)) instead = "the rule denies every peer and port instead";
        foreach (var field in Peers(rule, direction).Concat(denies ? [] : Ports(rule)).Where(field => field.IsSet))
        {
            found = true;
            field.Warn("is not enforced yet", instead);
        }

        return found;
    }

    private static IEnumerable<Field> Peers(Field rule, PolicyDirection direction) => CiliumPeersReader.Unsupported(direction).Select(name => rule[name]);

    private static IEnumerable<Field> Ports(Field rule)
    {
        foreach (var ports in rule["toPorts"].Items())
        {
            foreach (var field in OfPorts.Select(name => ports[name]).Concat(OfRules.Select(name => ports["rules"][name])))
            {
                // serverNames: [] says nothing.
                if (field.Node is not (Yaml.MapNode { Entries.Count: 0 } or Yaml.ListNode { Items.Count: 0 })) yield return field;
            }

            foreach (var secret in HttpReader.Secrets(ports)) yield return secret;
        }

        if (rule["authentication"] is { IsSet: true } authentication && authentication["mode"].Text() != "disabled") yield return authentication;
    }
}
