using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Labels;
using ClusterMesh.Mesh.Policy.Rules;
using ClusterMesh.Mesh.Policy.Selectors;

namespace ClusterMesh.Mesh.Policy.Compilation;

/// <summary>One specification that selects a subject, and its policy's name.</summary>
internal readonly record struct SelectingSpec(string Policy, PolicySpec Spec);

/// <summary>The policy of all endpoints with the same labels and named ports, with what is needed to keep it up to date.</summary>
internal sealed record SubjectPolicy(ImmutableArray<SelectingSpec> Specs, DirectionFilters Ingress, DirectionFilters Egress, EndpointPolicy Policy)
{
    public static ImmutableArray<SelectingSpec> Select(PolicyEndpoint subject, IEnumerable<ResolvedPolicy> policies)
    {
        var labels = LabelSet.Parse(subject.Labels);
        return [.. policies.SelectMany(policy => policy.Specs, (policy, spec) => new SelectingSpec(policy.Name, spec)).Where(one => one.Spec.Subject.Matches(labels))];
    }

    public static SubjectPolicy Compile(PolicyEndpoint subject, ImmutableArray<SelectingSpec> specs, SelectorCache identities)
    {
        var filters = new FilterBuilder(subject, identities);
        var (ingress, egress) = (filters.Build(specs, PolicyDirection.Ingress), filters.Build(specs, PolicyDirection.Egress));
        return new(specs, ingress, egress, new(ingress.Compile(identities), egress.Compile(identities)));
    }

    /// <summary>The same one where the identities mean nothing to it.</summary>
    public SubjectPolicy After(SelectorCache identities, IReadOnlySet<uint> changed)
    {
        if (changed.Count == 0) return this;
        var (ingress, egress) = (Ingress.Compile(Policy.Ingress, identities, changed), Egress.Compile(Policy.Egress, identities, changed));
        var same = ReferenceEquals(ingress, Policy.Ingress) && ReferenceEquals(egress, Policy.Egress);
        return same ? this : this with { Policy = new(ingress, egress) };
    }

    public IEnumerable<PeerSelection> Selections => Ingress.Filters.Concat(Egress.Filters).Select(filter => filter.Peer).OfType<PeerSelection>();
}
