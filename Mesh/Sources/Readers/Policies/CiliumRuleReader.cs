using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Sources.Readers.Policies;

/// <summary>
/// The rules of one section. One that is wrong, or asks for what is not enforced yet, is replaced by <see cref="PolicyRule.Closed"/>:
/// it must never let more through than what was written.
/// </summary>
internal static class CiliumRuleReader
{
    private static readonly string[] Common = ["toPorts", "icmps"];

    public static IEnumerable<PolicyRule> Read(Field section, PolicyDirection direction, bool denies, string space)
    {
        var errors = section.Errors;
        var rules = section.Items().SelectMany(rule => Rules(rule, direction, denies, space)).ToList();
        // Not a list: nothing tells what it was to keep out.
        return rules.Count == 0 && section.Errors != errors ? [PolicyRule.Closed(direction, denies, section.Path)] : rules;
    }

    private static IEnumerable<PolicyRule> Rules(Field rule, PolicyDirection direction, bool denies, string space)
    {
        var errors = rule.Errors;
        rule.Present("a rule");
        KnownFields.Only(rule, [.. Common, .. CiliumPeersReader.Fields(direction), .. denies ? Array.Empty<string>() : ["authentication"]]);
        var peers = CiliumPeersReader.Read(rule, direction, space);
        var ports = CiliumPortsReader.Read(rule, direction, denies);
        var unsupported = Unsupported.In(rule, direction, denies);
        if (rule.Errors != errors || unsupported)
            return [PolicyRule.Closed(direction, denies || CiliumPeersReader.NarrowsOthers(rule, direction), rule.Path)];
        // A rule that says nothing at all only isolates; with ports alone it means every peer.
        if (peers is null && ports is [{ Ports: null }]) peers = [];
        return ports.Select(part => new PolicyRule(direction, denies, part.Field, peers, part.Ports, part.Http));
    }
}
