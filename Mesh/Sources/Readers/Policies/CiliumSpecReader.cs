using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Policy.Labels;
using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Sources.Readers.Policies;

/// <summary>One spec of a Cilium policy: whom it selects, which directions it isolates, and its four sections of rules.</summary>
internal static class CiliumSpecReader
{
    private static readonly string[] Fields =
        ["endpointSelector", "nodeSelector", "ingress", "ingressDeny", "egress", "egressDeny", "enableDefaultDeny", "labels", "description", "log"];

    /// <summary>Null for a policy of nodes.</summary>
    public static PolicySpec? Read(Field spec, string space)
    {
        if (IsOfNodes(spec, space)) return null;
        var subject = Subject(spec["endpointSelector"], space);
        var errors = spec.Errors;
        KnownFields.Only(spec, Fields);
        if (!Sections(spec).Any(section => section.IsSet)) spec.Error("has no rules, expected at least one of ingress, ingressDeny, egress and egressDeny");
        var (ingress, egress) = (Isolates(spec, "ingress"), Isolates(spec, "egress"));
        // Where it is not clear which directions are meant, both are.
        if (spec.Errors != errors) (ingress, egress) = (true, true);
        return new(subject, ingress, egress,
        [
            .. CiliumRuleReader.Read(spec["ingress"], PolicyDirection.Ingress, denies: false, space),
            .. CiliumRuleReader.Read(spec["ingressDeny"], PolicyDirection.Ingress, denies: true, space),
            .. CiliumRuleReader.Read(spec["egress"], PolicyDirection.Egress, denies: false, space),
            .. CiliumRuleReader.Read(spec["egressDeny"], PolicyDirection.Egress, denies: true, space),
        ]);
    }

    private static IEnumerable<Field> Sections(Field spec) => [spec["ingress"], spec["ingressDeny"], spec["egress"], spec["egressDeny"]];

    private static bool IsOfNodes(Field spec, string space)
    {
        var (nodes, endpoints) = (spec["nodeSelector"], spec["endpointSelector"]);
        if (nodes.IsSet && endpoints.IsSet) nodes.Error("stands beside endpointSelector, expected one of them");
        else if (nodes.IsSet && space.Length > 0) nodes.Error("selects nodes, which only a CiliumClusterwideNetworkPolicy may");
        else if (nodes.IsSet) nodes.Warn("policies of nodes are not enforced yet", "this spec has no effect: what nodes send and receive is not restricted");
        else endpoints.Present("a selector ({} for every endpoint)");
        return nodes.IsSet && !endpoints.IsSet;
    }

    private static LabelSelector Subject(Field field, string space)
    {
        var selector = SelectorReader.Read(field, LabelRequirement.Split);
        if (space.Length == 0) return selector;
        if (!selector.Names(IdentityLabels.Namespace)) return selector.And(SelectorScopes.In(space));
        field.Warn("names a namespace, but a policy selects endpoints of its own only", $"its namespace {space} is used");
        return new LabelSelector(selector.Requirements.Where(requirement => requirement.Key != IdentityLabels.Namespace)).And(SelectorScopes.In(space));
    }

    /// <summary>By default whichever direction has rules, deny rules as well.</summary>
    private static bool Isolates(Field spec, string direction)
    {
        var rules = spec[direction].Items().Count > 0 | spec[direction + "Deny"].Items().Count > 0;
        KnownFields.Only(spec["enableDefaultDeny"], "ingress", "egress");
        return spec["enableDefaultDeny"][direction].Flag() ?? rules;
    }
}
