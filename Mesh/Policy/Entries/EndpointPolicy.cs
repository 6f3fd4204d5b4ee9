using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Policy.Entries;

/// <summary>
/// All that an endpoint's policy map says. Replies are not asked about: they belong to a connection that was allowed.
/// Endpoints with the same labels and named ports share one.
/// </summary>
public sealed record EndpointPolicy(DirectionPolicy Ingress, DirectionPolicy Egress)
{
    public IEnumerable<PolicyEntry> Entries => Ingress.Entries.Concat(Egress.Entries);

    public DirectionPolicy Of(PolicyDirection direction) => direction is PolicyDirection.Ingress ? Ingress : Egress;

    public PolicyVerdict Decide(PolicyDirection direction, uint peer, IpProtocol protocol, ushort port) => Of(direction).Decide(peer, protocol, port);
}
