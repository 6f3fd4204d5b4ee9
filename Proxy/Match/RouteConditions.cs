using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Pick;
using ClusterMesh.Proxy.Routing;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Match;

/// <summary>What a route asks of a request besides its path: method, headers, query parameters.</summary>
internal static class RouteConditions
{
    /// <summary>Gateway API's order among routes of one path (peers.md 2.3): method, number of headers, number of query parameters, then as they came.</summary>
    public static Route[] Ordered(IEnumerable<Route> routes) =>
    [
        .. routes.OrderBy(route => route.Model.Methods.IsEmpty).ThenByDescending(route => route.Model.Headers.Length).ThenByDescending(route => route.Model.Queries.Length),
    ];

    public static Route? First(Route[] routes, string method, IHeaderDictionary headers, string query)
    {
        foreach (var route in routes)
        {
            if (Hold(route.Model, method, headers, query)) return route;
        }

        return null;
    }

    public static bool Hold(RouteModel model, string method, IHeaderDictionary headers, string query) =>
        (model.Methods.IsEmpty || model.Methods.Contains(method)) && (model.Headers.IsEmpty || HeadersHold(model, headers)) && (model.Queries.IsEmpty || QueriesHold(model, query));

    // A field that comes several times is one list (RFC 9110 5.3).
    private static bool HeadersHold(RouteModel model, IHeaderDictionary headers)
    {
        foreach (var match in model.Headers)
        {
            if (!headers.TryGetValue(match.Name, out var values) || values.Count == 0 || !match.Holds(values.ToString())) return false;
        }

        return true;
    }

    private static bool QueriesHold(RouteModel model, string query)
    {
        foreach (var match in model.Queries)
        {
            if (QueryParameters.First(query, match.Name) is not { } value || !match.Holds(value)) return false;
        }

        return true;
    }
}
