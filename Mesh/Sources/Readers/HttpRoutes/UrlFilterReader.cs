using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers.HttpRoutes;

/// <summary>RequestRedirect and URLRewrite.</summary>
internal static class UrlFilterReader
{
    private const int LongestPath = 1024;

    private static readonly string[] s_schemes = ["http", "https"];
    private static readonly int[] s_statuses = [301, 302, 303, 307, 308];

    public static RequestRedirect Redirect(Field field, ImmutableArray<HttpRouteMatch> matches)
    {
        RouteFields.Warn(field, "scheme", "hostname", "port", "path", "statusCode");
        var status = field["statusCode"].Number(300, 399) ?? 302;
        if (!s_statuses.Contains(status)) field["statusCode"].Error($"{status} is not one of {string.Join(", ", s_statuses)}");
        return new(Choice.Of(field["scheme"], s_schemes), Host(field["hostname"]), field["port"].Number(1, 65535), Path(field["path"], matches), status);
    }

    public static UrlRewrite Rewrite(Field field, ImmutableArray<HttpRouteMatch> matches)
    {
        RouteFields.Warn(field, "hostname", "path");
        return new(Host(field["hostname"]), Path(field["path"], matches));
    }

    private static string? Host(Field field)
    {
        if (Dns.HostOf(field) is not { } host) return null;
        if (host.StartsWith('*')) field.Error($"\"{Shown.Text(host)}\" is a wildcard, expected one host");
        return host;
    }

    private static PathEdit? Path(Field field, ImmutableArray<HttpRouteMatch> matches)
    {
        if (!field.IsSet) return null;
        field["type"].Present("ReplaceFullPath or ReplacePrefixMatch");
        switch (Choice.Of(field["type"], Enum.GetNames<PathEditKind>()))
        {
            case nameof(PathEditKind.ReplaceFullPath):
                field["replaceFullPath"].Present("a path");
                return new(PathEditKind.ReplaceFullPath, Value(field["replaceFullPath"]) is { Length: > 0 } whole ? whole : "/");
            case nameof(PathEditKind.ReplacePrefixMatch):
                field["replacePrefixMatch"].Present("a path, or \"\"");
                if (matches is not [{ Path.Kind: PathMatchKind.Prefix }]) field["type"].Error("ReplacePrefixMatch needs a rule with one match, of a PathPrefix");
                return new(PathEditKind.ReplacePrefixMatch, Value(field["replacePrefixMatch"]));
            default:
                return null;
        }
    }

    private static string Value(Field field)
    {
        if (field.Text() is not { Length: > 0 } path) return "";
        if (path.Length > LongestPath) field.Error($"has {path.Length} characters, expected at most {LongestPath}");
        else if (RequestPath.Normalize(path) is not { } normal) field.Error($"\"{Shown.Text(path)}\" is not a path that a request could have");
        else return normal;
        return path;
    }
}
