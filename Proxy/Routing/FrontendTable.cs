using System.Collections.Frozen;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Match;

namespace ClusterMesh.Proxy.Routing;

/// <summary>A matcher for each port of a service that has routes of its own; those of which no route changed stay as they are.</summary>
internal sealed class FrontendTable
{
    private Dictionary<(ObjectKey Service, int Port), Built> _last = [];

    public FrozenDictionary<(ObjectKey Service, int Port), RouteMatcher> Matchers { get; private set; } = FrozenDictionary<(ObjectKey, int), RouteMatcher>.Empty;

    /// <summary>All routes of all frontends.</summary>
    public IEnumerable<Route> Routes => _last.Values.SelectMany(frontend => frontend.Default is { } fallback ? frontend.Routes.Append(fallback) : frontend.Routes);

    public void Take(IEnumerable<FrontendRoutes> frontends, Func<RouteModel, Route> build)
    {
        var next = new Dictionary<(ObjectKey, int), Built>();
        foreach (var frontend in frontends)
        {
            var key = (frontend.Service, frontend.Port);
            var routes = frontend.Routes.Select(build).ToArray();
            var fallback = frontend.Default is { } byDefault ? build(byDefault) : null;
            var before = _last.GetValueOrDefault(key);
            next[key] = before is not null && before.IsOf(routes, fallback) ? before : new(routes, fallback, new(routes, fallback, before?.Matcher));
        }

        _last = next;
        Matchers = next.ToFrozenDictionary(built => built.Key, built => built.Value.Matcher);
    }

    private sealed record Built(Route[] Routes, Route? Default, RouteMatcher Matcher)
    {
        public bool IsOf(Route[] routes, Route? fallback) => ReferenceEquals(Default, fallback) && Routes.AsSpan().SequenceEqual(routes, ReferenceEqualityComparer.Instance);
    }
}
