namespace ClusterMesh.Mesh.Sources.Files;

internal static class ManifestNames
{
    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    public static bool IsHidden(string name) => name.StartsWith('.');

    public static bool IsManifest(string name) =>
        !IsHidden(name) && Array.Exists(Extensions, extension => name.EndsWith(extension, StringComparison.Ordinal));

    /// <summary>A path relative to the root, with / whatever the depth.</summary>
    public static string Join(string directory, string name) => directory.Length == 0 ? name : $"{directory}/{name}";
}
