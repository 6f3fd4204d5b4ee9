using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Routing;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Match;

/// <summary>
/// Finds the route of a request: a precise host beats a wildcard beats none (peers.md 2.2). Immutable, built aside; the cost
/// of a look-up does not depend on the number of routes.
/// </summary>
internal sealed class RouteMatcher
{
    private readonly Dictionary<string, PathTable> _exact = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, PathTable> _wildcard = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, PathTable>.AlternateLookup<ReadOnlySpan<char>> _exactBySpan;
    private readonly Dictionary<string, PathTable>.AlternateLookup<ReadOnlySpan<char>> _wildcardBySpan;
    private readonly PathTable? _any;
    private readonly Route? _default;

    /// <param name="before">Whose tables are taken over for hosts of which nothing changed.</param>
    public RouteMatcher(IEnumerable<Route> routes, Route? @default, RouteMatcher? before = null)
    {
        foreach (var (host, ofHost) in ByHost(routes))
        {
            var table = before?.TableOf(host) is { } same && same.IsOf(ofHost) ? same : new PathTable(ofHost);
            switch (host.Kind)
            {
                case HostMatchKind.Exact: _exact[host.Name] = table; break;
                case HostMatchKind.OneLabel: _wildcard[host.Name] = table; break;
                default: _any = table; break;
            }
        }

        _default = @default;
        _exactBySpan = _exact.GetAlternateLookup<ReadOnlySpan<char>>();
        _wildcardBySpan = _wildcard.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <param name="host">Without port.</param>
    /// <param name="path">In its normal form (<see cref="RequestPath"/>).</param>
    /// <param name="query">With its '?', or empty.</param>
    public Route? Find(ReadOnlySpan<char> host, ReadOnlySpan<char> path, string method, IHeaderDictionary headers, string query = "") =>
        Table(host)?.Find(path, method, headers, query) ?? _default;

    private PathTable? Table(ReadOnlySpan<char> host)
    {
        if (_exactBySpan.TryGetValue(host, out var table)) return table;
        var dot = host.IndexOf('.');
        if (dot > 0 && _wildcardBySpan.TryGetValue(host[(dot + 1)..], out table)) return table;
        return _any;
    }

    private static Dictionary<HostMatch, List<Route>> ByHost(IEnumerable<Route> routes)
    {
        var hosts = new Dictionary<HostMatch, List<Route>>();
        foreach (var route in routes)
        {
            if (!hosts.TryGetValue(route.Model.Host, out var ofHost)) hosts[route.Model.Host] = ofHost = new(1);
            ofHost.Add(route);
        }

        return hosts;
    }

    private PathTable? TableOf(HostMatch host) => host.Kind switch
    {
        HostMatchKind.Exact => _exact.GetValueOrDefault(host.Name),
        HostMatchKind.OneLabel => _wildcard.GetValueOrDefault(host.Name),
        _ => _any,
    };
}
