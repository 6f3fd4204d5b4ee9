using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Objects;

/// <summary>A network policy of whatever kind, in the one form that is compiled.</summary>
public abstract record PolicyObject(ObjectMeta Meta, ImmutableArray<PolicySpec> Specs) : KubernetesObject(Meta);

/// <summary>networking.k8s.io/v1 NetworkPolicy.</summary>
public sealed record NetworkPolicyObject(ObjectMeta Meta, ImmutableArray<PolicySpec> Specs) : PolicyObject(Meta, Specs)
{
    public override string Kind => "NetworkPolicy";
}

/// <summary>cilium.io/v2 CiliumNetworkPolicy.</summary>
public sealed record CiliumNetworkPolicyObject(ObjectMeta Meta, ImmutableArray<PolicySpec> Specs) : PolicyObject(Meta, Specs)
{
    public override string Kind => "CiliumNetworkPolicy";
}

/// <summary>cilium.io/v2 CiliumClusterwideNetworkPolicy.</summary>
public sealed record CiliumClusterwideNetworkPolicyObject(ObjectMeta Meta, ImmutableArray<PolicySpec> Specs) : PolicyObject(Meta, Specs)
{
    public override string Kind => "CiliumClusterwideNetworkPolicy";
}

/// <summary>cilium.io/v2 (and v2alpha1) CiliumCIDRGroup.</summary>
public sealed record CidrGroupObject(ObjectMeta Meta, ImmutableArray<IPNetwork> Cidrs) : KubernetesObject(Meta)
{
    public override string Kind => "CiliumCIDRGroup";
}
