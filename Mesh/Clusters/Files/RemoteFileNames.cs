namespace ClusterMesh.Mesh.Clusters.Files;

/// <summary>Which files of the directory stand for a cluster: those named after it, with or without .yaml or .yml.</summary>
internal static class RemoteFileNames
{
    /// <summary>The cluster's name, or null for what else lies there: hidden files, certificates, keys, what editors leave.</summary>
    public static string? ClusterOf(string file) => file.StartsWith('.') ? null : Path.GetExtension(file) switch
    {
        "" => file,
        ".yaml" or ".yml" => Path.GetFileNameWithoutExtension(file),
        _ => null,
    };
}
