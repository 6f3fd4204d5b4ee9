using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Http;

namespace ClusterMesh.Mesh.Policy.Rules;

/// <summary>One rule of a policy: any of the peers on any of the ports.</summary>
/// <param name="Field">Where it stands: "spec.ingress[0]".</param>
/// <param name="Peers">Null = every peer; empty = nobody.</param>
/// <param name="Ports">Null = every port.</param>
/// <param name="Http">Not null: of the requests on these ports, which must be of TCP, those that one of them matches.</param>
public sealed record PolicyRule(
    PolicyDirection Direction, bool Denies, string Field, ImmutableArray<PolicyPeer>? Peers, ImmutableArray<PolicyPort>? Ports,
    ImmutableArray<HttpRule>? Http = null)
{
    /// <summary>
    /// What stands in for a rule that cannot be enforced as it was written: allowing, it allows nothing; denying, it denies
    /// everything, since nothing smaller is sure to hold what it was to keep out.
    /// </summary>
    public static PolicyRule Closed(PolicyDirection direction, bool denies, string field) => new(direction, denies, field, denies ? null : [], null);
}
