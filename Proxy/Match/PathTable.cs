using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Routing;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Match;

/// <summary>
/// The paths of one host: Exact first, then the longest prefix by whole elements (peers.md 2.2), then patterns, in their order.
/// Case-sensitive.
/// </summary>
internal sealed class PathTable
{
    private readonly Dictionary<string, Route[]>.AlternateLookup<ReadOnlySpan<char>> _exact;
    private readonly Dictionary<string, Route[]>.AlternateLookup<ReadOnlySpan<char>> _prefix;
    private readonly Route[] _patterns;

    // A path is never compared beyond the longest rule, so that a long hostile path costs no more than a short one.
    private readonly int _longest;

    private readonly List<Route> _routes;

    public PathTable(List<Route> routes)
    {
        _routes = routes;
        var exact = new Dictionary<string, Route[]>(StringComparer.Ordinal);
        var prefix = new Dictionary<string, Route[]>(StringComparer.Ordinal);
        foreach (var group in routes.ToLookup(route => route.Model.Path))
        {
            if (group.Key.Kind == PathMatchKind.Exact) exact[group.Key.Value] = RouteConditions.Ordered(group);
            else if (group.Key.Kind == PathMatchKind.Prefix) prefix[group.Key.Value.TrimEnd('/')] = RouteConditions.Ordered(group);
        }

        _patterns = RouteConditions.Ordered(routes.Where(route => route.Model.Path.Kind == PathMatchKind.Regex));
        _longest = prefix.Keys.Select(key => key.Length).DefaultIfEmpty(-1).Max();
        _exact = exact.GetAlternateLookup<ReadOnlySpan<char>>();
        _prefix = prefix.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>It was made of just these routes.</summary>
    public bool IsOf(List<Route> routes)
    {
        if (routes.Count != _routes.Count) return false;
        for (var i = 0; i < routes.Count; i++)
        {
            if (!ReferenceEquals(routes[i], _routes[i])) return false;
        }

        return true;
    }

    public Route? Find(ReadOnlySpan<char> path, string method, IHeaderDictionary headers, string query)
    {
        if (_exact.Dictionary.Count > 0 && _exact.TryGetValue(path, out var routes) && RouteConditions.First(routes, method, headers, query) is { } exact) return exact;
        if (FindPrefix(path, method, headers, query) is { } prefixed) return prefixed;
        foreach (var route in _patterns)
        {
            if (route.Model.PathPattern is { } pattern && pattern.IsMatch(path) && RouteConditions.Hold(route.Model, method, headers, query)) return route;
        }

        return null;
    }

    private Route? FindPrefix(ReadOnlySpan<char> path, string method, IHeaderDictionary headers, string query)
    {
        if (_longest < 0) return null;
        for (var end = FirstBoundary(path); ; end = path[..end].LastIndexOf('/'))
        {
            if (_prefix.TryGetValue(path[..end], out var routes) && RouteConditions.First(routes, method, headers, query) is { } route) return route;
            if (end == 0) return null;
        }
    }

    // The longest cut of the path, at an element's end, that a rule could be equal to.
    private int FirstBoundary(ReadOnlySpan<char> path)
    {
        if (path.Length <= _longest) return path.Length;
        if (path[_longest] == '/') return _longest;
        return path[..(_longest + 1)].LastIndexOf('/') is > 0 and var cut ? cut : 0;
    }
}
