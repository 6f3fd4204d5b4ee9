using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Http;
using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Policy.Entries;

/// <summary>What is said about some ports of one peer.</summary>
/// <param name="Precedence"><see cref="PolicyPrecedence"/>.</param>
/// <param name="Http">Not null: it goes to the proxy, which allows what one of them allows.</param>
public sealed record PolicyRow(PortPrefix Ports, bool Denies, uint Precedence, RuleOrigin Origin, HttpAllowances? Http = null)
{
    internal static PolicyRow Of(PortPrefix ports, bool denies, RuleOrigin origin, HttpAllowances? http = null) =>
        new(ports, denies, denies ? PolicyPrecedence.Deny : http is null ? PolicyPrecedence.Allow : PolicyPrecedence.Redirect, origin, http);

    /// <summary>What a rule says about its ports.</summary>
    internal static PolicyRow Of(PortPrefix ports, PolicyRule rule, RuleOrigin origin) => Of(ports, rule.Denies, origin, AllowancesOf(rule, origin));

    /// <summary>What both say about the ports of this one; neither denies.</summary>
    internal PolicyRow And(PolicyRow other)
    {
        if (Http is null && other.Http is null) return this;
        // Only this one's origin is named where both go to the proxy.
        var first = Http is null ? other : this;
        return Of(Ports, false, first.Origin, first.Http!.And(ReferenceEquals(first, this) ? other.Allowances : Allowances));
    }

    /// <summary>It allows every request. That nobody isolates an endpoint does not (Cilium: enableDefaultDeny does not apply to HTTP rules).</summary>
    internal bool AllowsAll => Http is null && !Denies && Origin != RuleOrigin.NotIsolated;

    internal ImmutableArray<HttpAllowance> Allowances => Http?.All ?? (AllowsAll ? [new HttpAllowance(Origin, null)] : []);

    private static HttpAllowances? AllowancesOf(PolicyRule rule, RuleOrigin origin) =>
        rule.Http is { } http ? new([.. http.Select(one => new HttpAllowance(origin, one)).Distinct()]) : null;
}
