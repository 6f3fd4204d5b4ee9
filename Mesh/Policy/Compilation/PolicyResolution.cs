using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Policy.Labels;
using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Policy.Compilation;

/// <summary>A policy with the peers that it means in its cluster.</summary>
internal sealed record ResolvedPolicy(string Name, ImmutableArray<PolicySpec> Specs, ImmutableArray<Problem> Problems);

/// <summary>Says what depends on the cluster: selectors that name none mean the local one, and CIDR groups become their CIDRs.</summary>
internal sealed class PolicyResolution(string cluster, ImmutableArray<CidrGroupObject> groups)
{
    public ResolvedPolicy Resolve(PolicyObject policy)
    {
        var (name, problems) = ($"{policy.Kind} {policy.Key}", new List<Problem>());
        return new(name, [.. policy.Specs.Select(spec => spec with { Rules = [.. spec.Rules.Select(rule => Resolve(rule, name, problems))] })], [.. problems]);
    }

    private PolicyRule Resolve(PolicyRule rule, string policy, List<Problem> problems) =>
        rule.Peers is { } peers ? rule with { Peers = [.. peers.SelectMany(peer => Resolve(peer, rule, policy, problems))] } : rule;

    private IEnumerable<PolicyPeer> Resolve(PolicyPeer peer, PolicyRule rule, string policy, List<Problem> problems) => peer switch
    {
        LabelPeer labels => [new LabelPeer(InCluster(labels.Selector))],
        CidrGroupPeer group => Cidrs(group, rule, policy, problems),
        _ => [peer],
    };

    private LabelSelector InCluster(LabelSelector selector) => selector.NamesReserved || selector.Names(IdentityLabels.Cluster)
        ? selector
        : selector.And(new LabelRequirement(LabelRequirement.Kubernetes, IdentityLabels.Cluster, cluster));

    private IEnumerable<PolicyPeer> Cidrs(CidrGroupPeer peer, PolicyRule rule, string policy, List<Problem> problems)
    {
        var found = groups.Where(group => peer.Name is null ? peer.Selector!.Matches(LabelsOf(group)) : group.Key.Name == peer.Name).ToList();
        if (found.Count == 0 && peer.Name is not null)
        {
            // A group holds addresses of the world, so the world is more than it could have kept out.
            problems.Add(new(cluster, policy, rule.Field, $"there is no CiliumCIDRGroup {peer.Name}", rule.Denies ? "all of the world is denied" : "it allows nothing"));
            return rule.Denies ? [new EntityPeer(Entity.World)] : [];
        }

        return found.SelectMany(group => group.Cidrs).Distinct().Select(cidr => new CidrPeer(cidr, Within(peer.Except, cidr)));
    }

    private static ImmutableArray<IPNetwork> Within(ImmutableArray<IPNetwork> except, IPNetwork cidr) =>
        [.. except.Where(part => part.Holds(cidr) || cidr.Holds(part))];

    private static LabelSet LabelsOf(CidrGroupObject group) => LabelSet.Parse(string.Concat(group.Meta.Labels.Select(label => $"k8s:{label.Key}={label.Value};")));
}
