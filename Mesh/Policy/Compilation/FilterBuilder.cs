using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Labels;
using ClusterMesh.Mesh.Policy.Rules;
using ClusterMesh.Mesh.Policy.Selectors;

namespace ClusterMesh.Mesh.Policy.Compilation;

/// <summary>Makes a subject's filters of the specifications that select it.</summary>
internal sealed class FilterBuilder(PolicyEndpoint subject, SelectorCache identities)
{
    private static readonly EntityPeer s_everybody = new(Entity.All), s_host = new(Entity.Host);

    private readonly bool _starting = LabelSet.Parse(subject.Labels).TryGet(LabelRequirement.Reserved, Entity.Init.Text(), out _);

    public DirectionFilters Build(ImmutableArray<SelectingSpec> specs, PolicyDirection direction)
    {
        ImmutableArray<string> isolatedBy = [.. specs.Where(one => one.Spec.Isolates(direction)).Select(one => one.Policy).Distinct()];
        var filters = ImmutableArray.CreateBuilder<PolicyFilter>();
        foreach (var (policy, spec) in specs)
        {
            foreach (var rule in spec.Rules.Where(rule => rule.Direction == direction)) filters.AddRange(Filters(rule, new(policy, rule.Field)));
        }

        // An endpoint whose labels are not known yet might be anybody.
        var defaultDeny = _starting || isolatedBy.Length > 0;
        if (direction is PolicyDirection.Ingress && (defaultDeny || filters.Any(filter => filter.Rule!.Http is not null))) filters.Add(Everything(identities.Select(s_host), RuleOrigin.AllowLocalhost));
        if (!defaultDeny) filters.Add(Everything(null, RuleOrigin.NotIsolated));
        return new(direction, defaultDeny, isolatedBy, filters.ToImmutable());
    }

    private IEnumerable<PolicyFilter> Filters(PolicyRule rule, RuleOrigin origin)
    {
        var ports = rule.Ports ?? [PolicyPort.All];
        var prefixes = ports.Where(port => port.Name is null).SelectMany(PortPrefix.Of);
        var named = ports.Where(port => port.Name is not null);
        if (rule.Direction is PolicyDirection.Ingress)
        {
            // A name is the receiver's, and here that is the subject.
            prefixes = prefixes.Concat(named.SelectMany(port => NamedPorts.Resolve(port, subject.Ports)));
            named = [];
        }

        return Filters(rule, origin, [.. prefixes.Distinct().Select(prefix => PolicyRow.Of(prefix, rule, origin))], [.. named]);
    }

    private IEnumerable<PolicyFilter> Filters(PolicyRule rule, RuleOrigin origin, ImmutableArray<PolicyRow> rows, ImmutableArray<PolicyPort> named)
    {
        if (rule.Peers is { } peers && !peers.Contains(s_everybody))
        {
            foreach (var peer in peers) yield return new(identities.Select(peer), rule, origin, rows, named);
            yield break;
        }

        if (!rows.IsEmpty) yield return new(null, rule, origin, rows, []);
        // What a name means differs from one identity to the next, so that no single entry can say it for all.
        if (!named.IsEmpty) yield return new(identities.Select(s_everybody), rule, origin, [], named);
    }

    private static PolicyFilter Everything(PeerSelection? peer, RuleOrigin origin) =>
        new(peer, null, origin, [PolicyRow.Of(PortPrefix.Everything, false, origin)], []);
}
