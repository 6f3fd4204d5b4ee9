using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Sources.Readers.Policies;

/// <summary>networking.k8s.io/v1 NetworkPolicy (cilium.md 4).</summary>
internal static class NetworkPolicyReader
{
    private static readonly string[] Types = ["Ingress", "Egress"];

    public static NetworkPolicyObject Read(Field root)
    {
        var meta = MetaReader.Read(root, NameRule.Subdomain);
        KnownFields.Only(root, "apiVersion", "kind", "metadata", "spec", "status");
        return new(meta, [Spec(root["spec"], meta.Key.Namespace)]);
    }

    private static PolicySpec Spec(Field spec, string space)
    {
        var subject = SelectorReader.Read(spec["podSelector"], SelectorScopes.KubernetesLabel).And(SelectorScopes.In(space));
        var errors = spec.Errors;
        KnownFields.Only(spec, "podSelector", "policyTypes", "ingress", "egress");
        var (ingress, egress) = Isolated(spec);
        // Where it is not clear which directions are meant, both are.
        if (spec.Errors != errors) (ingress, egress) = (true, true);
        var rules = ImmutableArray.CreateBuilder<PolicyRule>();
        if (ingress) rules.AddRange(NetworkPolicyRuleReader.Read(spec["ingress"], PolicyDirection.Ingress, space));
        if (egress) rules.AddRange(NetworkPolicyRuleReader.Read(spec["egress"], PolicyDirection.Egress, space));
        if (!ingress) Ignored(spec["ingress"], "Ingress");
        if (!egress) Ignored(spec["egress"], "Egress");
        return new(subject, ingress, egress, rules.ToImmutable());
    }

    private static (bool Ingress, bool Egress) Isolated(Field spec)
    {
        var types = spec["policyTypes"].Items().Select(Type).ToList();
        return types.Count > 0 ? (types.Contains("Ingress"), types.Contains("Egress")) : (true, spec["egress"].Items().Count > 0);
    }

    private static string? Type(Field field) => field.Present("Ingress or Egress") ? Choice.Of(field, Types) : null;

    private static void Ignored(Field rules, string type)
    {
        if (rules.Items().Count > 0) rules.Warn($"has rules, but policyTypes does not name {type}", "these rules have no effect");
    }
}
