using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Http;
using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Policy.Entries;

/// <summary>An endpoint's policy for one direction.</summary>
/// <param name="IsolatedBy">The policies that make what no rule allows be dropped.</param>
/// <param name="Rows">By identity, 0 for every peer; each longest prefix first.</param>
public sealed record DirectionPolicy(
    PolicyDirection Direction, bool DefaultDeny, ImmutableArray<string> IsolatedBy, ImmutableDictionary<uint, ImmutableArray<PolicyRow>> Rows)
{
    private const uint AnyPeer = 0;

    public IEnumerable<PolicyEntry> Entries => Rows.SelectMany(pair => pair.Value, (pair, row) => PolicyEntry.Of(Direction, pair.Key, row));

    /// <summary>
    /// As the kernel decides: the longest prefix of the identity's entries and that of every peer's; of the two the higher precedence,
    /// then the longer prefix.
    /// </summary>
    /// <param name="port">The destination's; for ICMP the type.</param>
    public PolicyVerdict Decide(uint peer, IpProtocol protocol, ushort port)
    {
        var (exact, any) = (Longest(peer, protocol, port), Longest(AnyPeer, protocol, port));
        var anyWins = AnyWins(exact, any);
        if ((anyWins ? any : exact) is not { } row) return new(PolicyReason.NotAllowed, null);
        return new(row.Denies ? PolicyReason.Denied : PolicyReason.Allowed, PolicyEntry.Of(Direction, anyWins ? AnyPeer : peer, row));
    }

    /// <summary>
    /// Whether a request on a connection to that port may pass. One that the kernel would not send to the proxy is judged as the kernel
    /// does; else what the rules allow to the identity and what they allow to every peer count alike.
    /// </summary>
    public HttpVerdict DecideHttp(uint peer, ushort port, IHttpFacts request)
    {
        var (exact, any) = (Longest(peer, IpProtocol.Tcp, port), Longest(AnyPeer, IpProtocol.Tcp, port));
        if ((AnyWins(exact, any) ? any : exact) is not { } row) return HttpVerdict.Of(PolicyReason.NotAllowed, null);
        if (row.Http is null) return HttpVerdict.Of(row.Denies ? PolicyReason.Denied : PolicyReason.Allowed, row.Origin);
        return HttpDecision.Of(row, ReferenceEquals(row, any) ? exact : any, request);
    }

    internal ImmutableArray<PolicyRow> RowsOf(uint identity) => Rows.GetValueOrDefault(identity, []);

    private static bool AnyWins(PolicyRow? exact, PolicyRow? any) =>
        exact is null || (any is not null && (any.Precedence, any.Ports.Length).CompareTo((exact.Precedence, exact.Ports.Length)) > 0);

    private PolicyRow? Longest(uint identity, IpProtocol protocol, ushort port)
    {
        foreach (var row in RowsOf(identity))
        {
            if (row.Ports.Matches(protocol, port)) return row;
        }

        return null;
    }
}
