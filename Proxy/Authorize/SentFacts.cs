using ClusterMesh.Mesh.Policy.Http;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Filters;

namespace ClusterMesh.Proxy.Authorize;

/// <summary>A request as its receiver sees it, after the route's rewriting: what a policy of the receiver is asked about, on whichever node that is.</summary>
internal sealed class SentFacts : IHttpFacts
{
    private readonly IHttpFacts _asked;
    private readonly HeaderEdits _route, _target;

    private SentFacts(IHttpFacts asked, RouteModel route, HeaderEdits target, string path, string query)
    {
        (_asked, _route, _target) = (asked, route.Filters.Request, target);
        Path = PathEditing.Apply(route.Filters.Rewrite?.Path, route.Path, path) + query;
        Host = route.Filters.Rewrite?.Host ?? asked.Host;
    }

    public string Method => _asked.Method;

    public string Path { get; }

    public string Host { get; }

    /// <param name="target">The edits of the target alone, which come after the route's.</param>
    /// <param name="path">In its normal form, as it was matched.</param>
    /// <param name="query">With its '?', or empty.</param>
    public static IHttpFacts Of(IHttpFacts asked, RouteModel route, HeaderEdits target, string path, string query) =>
        route.Filters.Rewrite is null && route.Filters.Request.IsEmpty && target.IsEmpty ? asked : new SentFacts(asked, route, target, path, query);

    public string? Header(string name) => Edited(Edited(_asked.Header(name), name, _route), name, _target);

    private static string? Edited(string? value, string name, HeaderEdits edits)
    {
        foreach (var removed in edits.Remove) value = Same(removed, name) ? null : value;
        foreach (var set in edits.Set) value = Same(set.Name, name) ? set.Value : value;
        foreach (var added in edits.Add) value = Same(added.Name, name) ? value is null ? added.Value : $"{value},{added.Value}" : value;
        return value;
    }

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
