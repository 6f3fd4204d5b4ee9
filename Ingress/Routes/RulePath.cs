using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Routes;

/// <summary>A rule's path as it is matched.</summary>
internal static class RulePath
{
    /// <summary>False: no request can have such a path.</summary>
    public static bool TryParse(IngressPath written, out PathMatch match)
    {
        match = PathMatch.All;
        var path = written.Path.Length == 0 ? "/" : written.Path;
        if (path[0] != '/' || Normalize(path) is not { } normal)
            return false;
        match = written.Type == IngressPathType.Exact
            ? new PathMatch(PathMatchKind.Exact, normal)
            : new PathMatch(PathMatchKind.Prefix, WithoutTrailingSlash(normal));
        return true;
    }

    private static string WithoutTrailingSlash(string path) => path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/";

    /// <summary>The same for rules as for requests, so that both speak of one string.</summary>
    private static string? Normalize(string path) => path;
}
