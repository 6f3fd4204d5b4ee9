using System.Globalization;

namespace ClusterMesh.Mesh.Routes;

/// <summary>What a route asks of a request besides host and path, and what it does to it, in words.</summary>
public static class RouteText
{
    /// <summary>"GET", "x-env=blue", "x-env~b.*", "?v=2": in one order, however they were written.</summary>
    public static IEnumerable<string> Conditions(RouteModel route) =>
        route.Methods
            .Concat(route.Headers.OrderBy(header => header.Name, StringComparer.OrdinalIgnoreCase).Select(header => $"{header.Name.ToLowerInvariant()}{Sign(header.Pattern)}{header.Value}"))
            .Concat(route.Queries.OrderBy(query => query.Name, StringComparer.Ordinal).Select(query => $"?{query.Name}{Sign(query.Pattern)}{query.Value}"));

    public static IEnumerable<string> Filters(RouteFilters filters)
    {
        if (filters.Broken is { } why) yield return $"500: {why}";
        foreach (var edit in Edits("request", filters.Request).Concat(Edits("response", filters.Response))) yield return edit;
        if (filters.Redirect is { } redirect)
            yield return $"redirect {redirect.Status}{Named("scheme", redirect.Scheme)}{Named("host", redirect.Host)}{Named("port", redirect.Port?.ToString(CultureInfo.InvariantCulture))}{Path(redirect.Path)}";
        if (filters.Rewrite is { } rewrite) yield return $"rewrite{Named("host", rewrite.Host)}{Path(rewrite.Path)}";
        foreach (var mirror in filters.Mirrors)
            yield return $"mirror {mirror.Service}:{mirror.Port} {(mirror.Denominator == 100 ? $"{mirror.Numerator}%" : $"{mirror.Numerator}/{mirror.Denominator}")}";
    }

    // Values may be secrets: the names are enough.
    private static IEnumerable<string> Edits(string of, HeaderEdits edits) =>
        edits.Set.Select(header => $"{of} set {header.Name}").Concat(edits.Add.Select(header => $"{of} add {header.Name}")).Concat(edits.Remove.Select(name => $"{of} remove {name}"));

    private static string Named(string name, string? value) => value is null ? "" : $" {name} {value}";

    private static string Path(PathEdit? edit) => edit is null ? "" : $" {(edit.Kind == PathEditKind.ReplaceFullPath ? "path" : "prefix")} \"{edit.Value}\"";

    private static char Sign(object? pattern) => pattern is null ? '=' : '~';
}
