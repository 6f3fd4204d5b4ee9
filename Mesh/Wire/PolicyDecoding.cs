using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Http;
using ClusterMesh.Mesh.Policy.Rules;
using Messages = ClusterMesh.Mesh.Wire.Protos;

namespace ClusterMesh.Mesh.Wire;

/// <summary>Messages back to rows; the inverse of <see cref="PolicyEncoding"/>. A rule is made once, however many rows have it.</summary>
internal sealed class PolicyDecoding
{
    private const int MostKept = 10_000;

    private readonly Dictionary<Messages.HttpRule, HttpRule> _rules = [];

    /// <exception cref="WireException">It is none.</exception>
    public static IPAddress Address(Messages.NodeEndpoint endpoint) =>
        endpoint.Address.Length is 4 or 16 ? new(endpoint.Address.Span) : throw new WireException($"endpoint {endpoint.Id} has an address of {endpoint.Address.Length} bytes");

    /// <exception cref="WireException">One of them cannot be used, so that none is.</exception>
    public ImmutableArray<PolicyRow> Rows(Messages.PolicyPart part) => [.. part.Rows.Select(Row)];

    private PolicyRow Row(Messages.PortRow row)
    {
        if (row.Length is > 24 or (> 0 and < 8) || row.Protocol > byte.MaxValue || row.Port > ushort.MaxValue) throw new WireException($"{row.Protocol}, {row.Port}, {row.Length} are not ports of a policy");
        var ports = new PortPrefix((IpProtocol)row.Protocol, (ushort)row.Port, (byte)row.Length);
        return PolicyRow.Of(ports, row.Denies, Origin(row.Origin), row.Redirects ? new([.. row.Http.Select(one => new HttpAllowance(Origin(one.Origin), one.Rule is { } rule ? Rule(rule) : null))]) : null);
    }

    private static RuleOrigin Origin(Messages.RuleOrigin origin) => new(origin.Policy, origin.Rule);

    private HttpRule Rule(Messages.HttpRule message)
    {
        if (_rules.TryGetValue(message, out var known)) return known;
        if (_rules.Count >= MostKept) _rules.Clear();
        var rule = new HttpRule(
            message.HasMethod ? Pattern(message.Method) : null, message.HasPath ? Pattern(message.Path) : null, message.HasHost ? Pattern(message.Host) : null,
            [.. message.Headers.Select(Header)]);
        _rules.Add(message, rule);
        return rule;
    }

    // The agent has made it before it told it, so this is another version's.
    private static HttpPattern Pattern(string text) => HttpPattern.Of(text, out var problem) ?? throw new WireException($"the pattern \"{text}\" {problem}");

    private static HeaderMatch Header(Messages.HeaderMatch header) => Enum.IsDefined((HeaderMismatch)header.Mismatch)
        ? new(header.Name, header.HasValue ? header.Value : null, (HeaderMismatch)header.Mismatch)
        : throw new WireException($"{header.Mismatch} is not what can become of a header");
}
