using System.Collections.Immutable;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Policy;

namespace ClusterMesh.Agent.Datapath.Policy;

/// <summary>An endpoint, and who it is.</summary>
/// <param name="Identity">0: it is not known yet.</param>
/// <param name="Labels">Of the identity; "reserved:init=;" while it has none.</param>
/// <param name="Ports">Named ports of its containers.</param>
internal sealed record ResolvedEndpoint(PodEndpoint Endpoint, uint Identity, string Labels, ImmutableArray<ContainerPort> Ports)
{
    public const string Starting = "reserved:init=;";

    /// <summary>Its pod's object, its number, or both, are not known yet.</summary>
    public static ResolvedEndpoint Unknown(PodEndpoint endpoint) => new(endpoint, NumericIdentity.Unknown, Starting, []);

    public PolicyEndpoint Subject => new(Endpoint.Id, Labels, Ports);
}
