using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Proxy.Filters;

/// <summary>URLRewrite's and RequestRedirect's path (the table of peers.md 2.3).</summary>
internal static class PathEditing
{
    /// <param name="prefix">What the route matched by: the part that ReplacePrefixMatch replaces.</param>
    public static string Apply(PathEdit? edit, PathMatch prefix, string path)
    {
        if (edit is null) return path;
        if (edit.Kind == PathEditKind.ReplaceFullPath || prefix.Kind != PathMatchKind.Prefix) return edit.Value;
        var rest = path.AsSpan(Math.Min(path.Length, prefix.Value.TrimEnd('/').Length));
        var with = edit.Value.AsSpan().TrimEnd('/');
        return with.IsEmpty && rest.IsEmpty ? "/" : string.Concat(with, rest);
    }
}
