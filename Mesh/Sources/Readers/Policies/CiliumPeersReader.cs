using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Labels;
using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Sources.Readers.Policies;

/// <summary>
/// The peers of a Cilium rule: one kind of them per rule. None given = every peer; a kind that is there but empty = nobody.
/// </summary>
internal static class CiliumPeersReader
{
    private static readonly string[] Kinds = ["Endpoints", "CIDR", "CIDRSet", "Entities"];

    public static IEnumerable<string> Fields(PolicyDirection direction) => [.. Supported(direction), .. Unsupported(direction)];

    private static IEnumerable<string> Supported(PolicyDirection direction) => Kinds.Select(kind => Prefix(direction) + kind);

    public static IEnumerable<string> Unsupported(PolicyDirection direction) => direction is PolicyDirection.Ingress
        ? ["fromNodes", "fromGroups", "fromRequires"]
        : ["toNodes", "toGroups", "toRequires", "toServices", "toFQDNs"];

    /// <summary>fromRequires narrows the other rules as well, so that leaving out the one that has it would widen those.</summary>
    public static bool NarrowsOthers(Field rule, PolicyDirection direction) => rule[Prefix(direction) + "Requires"].IsSet;

    private static string Prefix(PolicyDirection direction) => direction is PolicyDirection.Ingress ? "from" : "to";

    public static ImmutableArray<PolicyPeer>? Read(Field rule, PolicyDirection direction, string space)
    {
        var prefix = Prefix(direction);
        var given = Fields(direction).Select(name => (Name: name, Field: rule[name])).Where(peer => peer.Field.IsSet).ToList();
        if (given.Where(peer => peer.Field.Items().Count > 0).ToList() is [var one, var other, ..])
            other.Field.Error($"stands beside {one.Name}, expected one kind of peers per rule");
        foreach (var name in Fields(direction).Where(name => rule[name] is { IsSet: false, Node: not null }))
            rule[name].Warn("is null, which is the same as leaving it out", "it does not restrict the peers");
        if (given.Count == 0) return null;
        if (given.Any(peer => peer.Field.Items().Count == 0)) return [];
        PolicyPeer?[] peers =
        [
            .. rule[prefix + "Endpoints"].Items().Select(field => Endpoints(field, space)),
            .. rule[prefix + "CIDR"].Items().Select(field => CidrReader.Read(field, orAddress: true) is { } cidr ? new CidrPeer(cidr, []) : null),
            .. rule[prefix + "CIDRSet"].Items().Select(CidrSet),
            .. rule[prefix + "Entities"].Items().Select(Named),
        ];
        return [.. peers.OfType<PolicyPeer>()];
    }

    private static LabelPeer Endpoints(Field field, string space)
    {
        field.Present("a selector");
        return new(SelectorScopes.CiliumPeer(SelectorReader.Read(field, LabelRequirement.Split), space));
    }

    private static EntityPeer? Named(Field field) =>
        field.Present($"one of {string.Join(", ", Entities.Names)}") && Choice.Of(field, Entities.Names) is { } name ? new(Entities.Parse(name)) : null;

    private static PolicyPeer? CidrSet(Field field)
    {
        KnownFields.Only(field, "cidr", "cidrGroupRef", "cidrGroupSelector", "except");
        var (cidr, name, selector) = (field["cidr"], field["cidrGroupRef"], field["cidrGroupSelector"]);
        if (new[] { cidr, name, selector }.Count(one => one.IsSet) != 1)
        {
            field.Error("expected one of cidr, cidrGroupRef and cidrGroupSelector");
            return null;
        }

        var whole = cidr.IsSet ? CidrReader.Read(cidr, orAddress: false) : null;
        var except = CidrReader.Except(field["except"], whole);
        if (cidr.IsSet) return whole is { } of ? new CidrPeer(of, except) : null;
        return name.IsSet
            ? new CidrGroupPeer(Dns.RequiredSubdomain(name, "a CiliumCIDRGroup's name"), null, except)
            : new CidrGroupPeer(null, SelectorReader.Read(selector, LabelRequirement.Split), except);
    }
}
