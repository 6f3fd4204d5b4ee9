using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Mesh.Sources.Readers.HttpRoutes;

internal static class HttpRouteRuleReader
{
    private const int MostMatches = 64, MostBackends = 16, MostWeight = 1_000_000;

    private static readonly ImmutableArray<HttpRouteMatch> s_everything = [new(PathMatch.All, null, [], [])];

    /// <summary>What a route without rules has: it matches everything and leads nowhere.</summary>
    public static readonly HttpRouteRule Empty = new(s_everything, [], []);

    public static HttpRouteRule Read(Field rule)
    {
        RouteFields.Warn(rule, "name", "matches", "filters", "backendRefs", "timeouts");
        var matches = Limits.Items(rule["matches"], MostMatches).Select(HttpMatchReader.Read).ToImmutableArray();
        if (matches.IsEmpty) matches = s_everything;
        var filters = HttpFilterReader.ReadAll(rule["filters"], matches);
        var backends = Limits.Items(rule["backendRefs"], MostBackends).Select(field => Backend(field, matches)).ToImmutableArray();
        if (filters.Any(filter => filter.Redirect is not null) && !backends.IsEmpty) rule["backendRefs"].Error("stands beside a RequestRedirect, expected one of them");
        var timeouts = rule["timeouts"];
        var (request, ofBackend) = (GatewayDuration.Of(timeouts["request"]), GatewayDuration.Of(timeouts["backendRequest"]));
        if (request > TimeSpan.Zero && ofBackend > request) timeouts["backendRequest"].Error("is longer than the request's timeout, expected at most that");
        return new(matches, filters, backends) { RequestTimeout = request, BackendRequestTimeout = ofBackend };
    }

    private static HttpBackendReference Backend(Field field, ImmutableArray<HttpRouteMatch> matches)
    {
        RouteFields.Warn(field, "group", "kind", "namespace", "name", "port", "weight", "filters");
        return new(ReferenceReader.Backend(field), field["weight"].Number(0, MostWeight) ?? 1, HttpFilterReader.ReadAll(field["filters"], matches));
    }
}
