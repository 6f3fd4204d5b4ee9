using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Patterns;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers.HttpRoutes;

internal static class HttpMatchReader
{
    private const int MostValues = 16, LongestName = 256, LongestValue = 4096, LongestPath = 1024;

    private static readonly string[] s_methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];
    private static readonly string[] s_pathTypes = ["Exact", "PathPrefix", "RegularExpression"], s_valueTypes = ["Exact", "RegularExpression"];

    // What the API server refuses in a path that is matched literally: it could never match, or means something else decoded.
    private static readonly string[] s_within = ["//", "/./", "/../", "%2f", "%2F", "#"];
    private static readonly string[] s_atEnd = ["/..", "/."];

    public static HttpRouteMatch Read(Field match)
    {
        RouteFields.Refuse(match, "path", "method", "headers", "queryParams");
        return new(
            match["path"].IsSet ? Path(match["path"]) : PathMatch.All,
            Choice.Of(match["method"], s_methods),
            Values(match["headers"], StringComparer.OrdinalIgnoreCase, Limits.HeaderText),
            // They are matched decoded, so that any text may be meant.
            Values(match["queryParams"], StringComparer.Ordinal, Limits.Text));
    }

    private static PathMatch Path(Field path)
    {
        RouteFields.Refuse(path, "type", "value");
        var type = Choice.Of(path["type"], s_pathTypes) ?? "PathPrefix";
        var value = path["value"].IsSet ? Limits.Text(path["value"], "a path", LongestPath) : "/";
        if (type == "RegularExpression")
        {
            // It is asked about a path as it is sent.
            if (value.Any(c => c > '\xff')) path["value"].Error($"\"{Shown.Text(value)}\" has a character that no path has but percent-encoded");
            CheckPattern(path["value"], value);
            return new(PathMatchKind.Regex, value);
        }

        if (value.Length > 0 && Refused(value) is { } why) path["value"].Error($"\"{Shown.Text(value)}\" {why}");
        else if (RequestPath.Normalize(value) is not { } normal) path["value"].Error($"\"{Shown.Text(value)}\" is not a path that a request could have");
        else value = normal;
        return type == "Exact" ? new(PathMatchKind.Exact, value) : new(PathMatchKind.Prefix, value.TrimEnd('/') is { Length: > 0 } prefix ? prefix : "/");
    }

    private static string? Refused(string path)
    {
        if (!path.StartsWith('/')) return "does not begin with /";
        var part = Array.Find(s_within, part => path.Contains(part, StringComparison.Ordinal)) ?? Array.Find(s_atEnd, part => path.EndsWith(part, StringComparison.Ordinal));
        return part is null ? null : $"contains {part}, which no path may that is matched as it is written";
    }

    // Of equal names only the first counts.
    private static ImmutableArray<HttpValueMatch> Values(Field list, StringComparer names, Func<Field, string, int, string> text) =>
        [.. Limits.Items(list, MostValues).Select(field => Value(field, text)).DistinctBy(value => value.Name, names)];

    private static HttpValueMatch Value(Field field, Func<Field, string, int, string> text)
    {
        RouteFields.Refuse(field, "type", "name", "value");
        var isRegex = Choice.Of(field["type"], s_valueTypes) == "RegularExpression";
        var name = FieldName.Of(field["name"], LongestName);
        var value = text(field["value"], "a value", LongestValue);
        if (isRegex) CheckPattern(field["value"], value);
        return new(name, value, isRegex);
    }

    private static void CheckPattern(Field field, string pattern)
    {
        if (pattern.Length > 0 && WholePattern.TryParse(pattern, out var why) is null) field.Error($"\"{Shown.Text(pattern)}\" {why}");
    }
}
