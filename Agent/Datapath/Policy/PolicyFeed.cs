using ClusterMesh.Agent.Datapath.Identities;
using ClusterMesh.Mesh.Policy;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Agent.Datapath.Policy;

/// <summary>Tells the policies' compiler what changed, and nothing twice.</summary>
internal sealed class PolicyFeed(PolicyRepository repository)
{
    private (object, object, object, object)? _policies;
    private HashSet<PolicyEndpoint> _endpoints = [];

    /// <summary>The node's gateway for what comes from outside: no endpoint of the kernel's, but policies select it (identity 8).</summary>
    public static PolicyEndpoint Gateway { get; } = new(0, "reserved:ingress=;", []);

    /// <returns>Whether numbers of CIDRs came or went.</returns>
    public bool Update(ClusterObjects local, IReadOnlyList<IdentityChanges> identities, IEnumerable<ResolvedEndpoint> endpoints)
    {
        var set = identities.SelectMany(changes => changes.Set).ToList();
        var removed = identities.SelectMany(changes => changes.Removed).ToList();
        if (set.Count + removed.Count > 0) repository.ChangeIdentities(set, removed);
        var subjects = endpoints.Select(endpoint => endpoint.Subject).Append(Gateway).ToHashSet();
        if (!subjects.SetEquals(_endpoints)) repository.SetEndpoints(_endpoints = subjects);

        (object, object, object, object) policies = (local.NetworkPolicies, local.CiliumNetworkPolicies, local.CiliumClusterwideNetworkPolicies, local.CidrGroups);
        if (_policies is { } last && Same(last, policies)) return false;
        _policies = policies;
        var update = repository.SetPolicies(ClusterPolicies.Of(local));
        return !update.NewCidrs.IsEmpty || !update.OldCidrs.IsEmpty;
    }

    private static bool Same((object, object, object, object) a, (object, object, object, object) b) =>
        ReferenceEquals(a.Item1, b.Item1) && ReferenceEquals(a.Item2, b.Item2) && ReferenceEquals(a.Item3, b.Item3) && ReferenceEquals(a.Item4, b.Item4);
}
