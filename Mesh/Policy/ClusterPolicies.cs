using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Policy;

/// <summary>All that one cluster says about who may talk to whom. Policies are not shared: each cluster has its own.</summary>
/// <param name="Policies">In the order in which, of equal rules, the first is named.</param>
public sealed record ClusterPolicies(ImmutableArray<PolicyObject> Policies, ImmutableArray<CidrGroupObject> CidrGroups)
{
    public static ClusterPolicies None { get; } = new([], []);

    public static ClusterPolicies Of(ClusterObjects objects)
    {
        IEnumerable<PolicyObject> all = [.. objects.NetworkPolicies, .. objects.CiliumNetworkPolicies, .. objects.CiliumClusterwideNetworkPolicies];
        return new([.. all.OrderBy(policy => policy.Kind, StringComparer.Ordinal).ThenBy(policy => policy.Key)], [.. objects.CidrGroups]);
    }
}
