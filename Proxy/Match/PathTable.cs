using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Routing;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Match;

/// <summary>The paths of one host: Exact first, then the longest prefix by whole elements (peers.md 2.2). Case-sensitive.</summary>
internal sealed class PathTable
{
    private readonly Dictionary<string, Route[]>.AlternateLookup<ReadOnlySpan<char>> _exact;
    private readonly Dictionary<string, Route[]>.AlternateLookup<ReadOnlySpan<char>> _prefix;

    // A path is never compared beyond the longest rule, so that a long hostile path costs no more than a short one.
    private readonly int _longest;

    private readonly List<Route> _routes;

    public PathTable(List<Route> routes)
    {
        _routes = routes;
        var byPath = routes.ToLookup(route => route.Model.Path);
        var exact = new Dictionary<string, Route[]>(StringComparer.Ordinal);
        var prefix = new Dictionary<string, Route[]>(StringComparer.Ordinal);
        foreach (var group in byPath)
        {
            // Gateway API's order (peers.md 2.3): method, then the number of headers.
            var ordered = group.OrderBy(route => route.Model.Methods.IsEmpty).ThenByDescending(route => route.Model.Headers.Length).ToArray();
            if (group.Key.Kind == PathMatchKind.Exact) exact[group.Key.Value] = ordered;
            else prefix[group.Key.Value.TrimEnd('/')] = ordered;
        }

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

    public Route? Find(ReadOnlySpan<char> path, string method, IHeaderDictionary headers)
    {
        if (_exact.Dictionary.Count > 0 && _exact.TryGetValue(path, out var routes) && First(routes, method, headers) is { } exact) return exact;
        if (_longest < 0) return null;
        for (var end = FirstBoundary(path); ; end = path[..end].LastIndexOf('/'))
        {
            if (_prefix.TryGetValue(path[..end], out routes) && First(routes, method, headers) is { } route) return route;
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

    private static Route? First(Route[] routes, string method, IHeaderDictionary headers)
    {
        foreach (var route in routes)
        {
            var model = route.Model;
            if (model.Methods.IsEmpty && model.Headers.IsEmpty) return route;
            if ((model.Methods.IsEmpty || model.Methods.Contains(method)) && HeadersHold(model, headers)) return route;
        }

        return null;
    }

    private static bool HeadersHold(RouteModel model, IHeaderDictionary headers)
    {
        foreach (var match in model.Headers)
        {
            if (!headers.TryGetValue(match.Name, out var values) || values.Count == 0 || !string.Equals(values[0], match.Value, StringComparison.Ordinal)) return false;
        }

        return true;
    }
}
