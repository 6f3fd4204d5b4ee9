using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers.HttpRoutes;

/// <summary>
/// A field that nobody reads. In a match it is refused, as a misspelt condition would make the route wider; elsewhere it is told.
/// </summary>
internal static class RouteFields
{
    public static void Warn(Field map, params ReadOnlySpan<string> known)
    {
        foreach (var (key, value) in map.Entries())
        {
            if (!known.Contains(key)) value.Warn($"\"{Shown.Text(key)}\" is not supported here", "it is ignored");
        }
    }

    public static void Refuse(Field map, params ReadOnlySpan<string> known)
    {
        foreach (var (key, value) in map.Entries())
        {
            if (!known.Contains(key)) value.Error($"\"{Shown.Text(key)}\" is not a condition of a match");
        }
    }
}
