using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Policy.Entries;

/// <summary>
/// All that an endpoint's policy map says. Replies are not asked about: they belong to a connection that was allowed.
/// Endpoints with the same labels and named ports share one.
/// </summary>
public sealed record EndpointPolicy(DirectionPolicy Ingress, DirectionPolicy Egress)
{
    private readonly bool _ingress = Asks(Ingress), _egress = Asks(Egress);

    /// <summary>Whether some of it is the proxy's to judge.</summary>
    public bool HasHttpRules { get; } = HasHttp(Ingress) || HasHttp(Egress);

    public IEnumerable<PolicyEntry> Entries => Ingress.Entries.Concat(Egress.Entries);

    public DirectionPolicy Of(PolicyDirection direction) => direction is PolicyDirection.Ingress ? Ingress : Egress;

    /// <summary>Whether there is anything to ask: a direction in which everything is allowed need not be.</summary>
    public bool Judges(PolicyDirection direction) => direction is PolicyDirection.Ingress ? _ingress : _egress;

    public PolicyVerdict Decide(PolicyDirection direction, uint peer, IpProtocol protocol, ushort port) => Of(direction).Decide(peer, protocol, port);

    private static bool HasHttp(DirectionPolicy direction) => direction.Rows.Values.Any(rows => rows.Any(row => row.Http is not null));

    private static bool Asks(DirectionPolicy direction) => direction.DefaultDeny || direction.Rows.Values.Any(rows => rows.Any(row => row.Denies || row.Http is not null));
}
