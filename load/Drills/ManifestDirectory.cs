namespace ClusterMesh.Load.Drills;

/// <summary>One cluster's manifests on disk. A file appears whole or not at all.</summary>
/// <param name="staging">On the same file system but not watched, so that a rename is all a reader sees.</param>
internal sealed class ManifestDirectory(string path, string staging)
{
    public string Path { get; } = path;

    public void Write(string name, params IEnumerable<string> documents)
    {
        var part = System.IO.Path.Combine(staging, $"{System.IO.Path.GetFileName(Path)}-{name}");
        File.WriteAllText(part, string.Join("---\n", documents));
        File.Move(part, System.IO.Path.Combine(Path, name), overwrite: true);
    }

    /// <summary>A new time stamp on the same text, as checkout tools leave it.</summary>
    public void Touch(string name, TimeProvider time) =>
        File.SetLastWriteTimeUtc(System.IO.Path.Combine(Path, name), time.GetUtcNow().UtcDateTime);
}
