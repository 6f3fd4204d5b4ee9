using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Entries;

namespace ClusterMesh.Mesh.Policy.Http;

/// <summary>A request against the rows that speak about its connection, neither of which denies.</summary>
internal static class HttpDecision
{
    /// <param name="row">The one that sent the connection to the proxy.</param>
    /// <param name="other">What else is said about it, by the identity or to every peer.</param>
    public static HttpVerdict Of(PolicyRow row, PolicyRow? other, IHttpFacts request)
    {
        if (row.Http!.Edit || other?.Http is { Edit: true }) return WithEdits(row, other, request);
        var rule = First(row.Http, request) ?? (other is null ? null : First(other, request));
        return rule is null ? Refused(row, other) : HttpVerdict.Of(PolicyReason.Allowed, rule);
    }

    private static RuleOrigin? First(PolicyRow row, IHttpFacts request) =>
        row.Http is { } http ? First(http, request) : row.AllowsAll ? row.Origin : null;

    private static RuleOrigin? First(HttpAllowances http, IHttpFacts request)
    {
        foreach (var one in http.All)
        {
            if (one.Rule?.Matches(request) ?? true) return one.Origin;
        }

        return null;
    }

    // As in Cilium's proxy: every rule that matches does its edits, not the first alone.
    private static HttpVerdict WithEdits(PolicyRow row, PolicyRow? other, IHttpFacts request)
    {
        var matching = All(row, other).Where(one => one.Rule?.Matches(request) ?? true).ToList();
        if (matching.Count == 0) return Refused(row, other);
        return HttpVerdict.Of(PolicyReason.Allowed, matching[0].Origin) with { Edits = [.. matching.SelectMany(one => one.Rule?.EditsOf(request) ?? []).Distinct()] };
    }

    private static HttpVerdict Refused(PolicyRow row, PolicyRow? other) =>
        HttpVerdict.Of(PolicyReason.Refused, null) with { Tried = [.. All(row, other).Select(one => one.Origin).Distinct()] };

    private static IEnumerable<HttpAllowance> All(PolicyRow row, PolicyRow? other) => row.Allowances.Concat(other?.Allowances ?? []);
}
