using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers.Policies;

/// <summary>
/// Elsewhere a field that nobody reads is harmless. In a policy a misspelt one would make it wider: "fromEndpoint" left out
/// means everybody. So it is refused, as the API server's strict validation does.
/// </summary>
internal static class KnownFields
{
    /// <returns>Whether there are no others.</returns>
    public static bool Only(Field map, params ReadOnlySpan<string> names)
    {
        var good = true;
        foreach (var (key, value) in map.Entries())
        {
            if (names.Contains(key)) continue;
            good = false;
            value.Error($"\"{Shown.Text(key)}\" is not a field of a policy here");
        }

        return good;
    }
}
