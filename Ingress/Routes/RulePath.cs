using System.Text;
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
        if (path[0] != '/' || RequestPath.Normalize(Escape(path)) is not { } normal)
            return false;
        match = written.Type == IngressPathType.Exact
            ? new PathMatch(PathMatchKind.Exact, normal)
            : new PathMatch(PathMatchKind.Prefix, WithoutTrailingSlash(normal));
        return true;
    }

    private static string WithoutTrailingSlash(string path) => path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/";

    /// <summary>Users write "/é" where a request can only say "/%C3%A9".</summary>
    private static string Escape(string path) =>
        path.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? string.Concat(path.EnumerateRunes().Select(Escape))
            : path;

    private static string Escape(Rune rune) => rune.Value is > ' ' and <= '~' ? rune.ToString() : Uri.EscapeDataString(rune.ToString());
}
