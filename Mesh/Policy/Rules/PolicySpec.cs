using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Labels;

namespace ClusterMesh.Mesh.Policy.Rules;

/// <summary>What a policy says about the endpoints that it selects.</summary>
/// <param name="Subject">Includes the policy's namespace.</param>
/// <param name="IsolatesIngress">What no rule allows to come in is dropped.</param>
/// <param name="IsolatesEgress">What no rule allows to go out is dropped.</param>
public sealed record PolicySpec(LabelSelector Subject, bool IsolatesIngress, bool IsolatesEgress, ImmutableArray<PolicyRule> Rules)
{
    public bool Isolates(PolicyDirection direction) => direction is PolicyDirection.Ingress ? IsolatesIngress : IsolatesEgress;
}
