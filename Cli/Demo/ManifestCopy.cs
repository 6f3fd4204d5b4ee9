namespace ClusterMesh.Cli.Demo;

/// <summary>The demo's own copy of the manifests, in a temporary directory: what the gateways read and what is edited live.</summary>
internal sealed class ManifestCopy : IDisposable
{
    private ManifestCopy(string directory) => Root = directory;

    public string Root { get; }

    public string Directory(string cluster) => Path.Combine(Root, cluster);

    public static ManifestCopy Of(string source, IReadOnlyList<string> clusters)
    {
        if (clusters.FirstOrDefault(cluster => !System.IO.Directory.Exists(Path.Combine(source, cluster))) is { } missing)
            throw new DemoException($"no manifests of cluster {missing} in {source}");
        var copy = new ManifestCopy(System.IO.Directory.CreateTempSubdirectory("clustermesh-demo-").FullName);
        foreach (var cluster in clusters)
        {
            System.IO.Directory.CreateDirectory(copy.Directory(cluster));
            foreach (var file in System.IO.Directory.EnumerateFiles(Path.Combine(source, cluster), "*.yaml"))
                File.Copy(file, Path.Combine(copy.Directory(cluster), Path.GetFileName(file)));
        }

        return copy;
    }

    /// <summary>Replaces a text that occurs exactly once; readers see the old file or the new one, never half of it.</summary>
    public void Edit(string cluster, string file, string old, string replacement)
    {
        var path = Path.Combine(Directory(cluster), file);
        var text = File.ReadAllText(path);
        if (text.Split(old).Length != 2)
            throw new DemoException($"{path}: '{old}' is expected exactly once");
        Write(path, text.Replace(old, replacement, StringComparison.Ordinal));
    }

    /// <summary>Replaces a text wherever it occurs.</summary>
    public void EditAll(string old, string replacement)
    {
        foreach (var path in System.IO.Directory.EnumerateFiles(Root, "*.yaml", SearchOption.AllDirectories))
            Write(path, File.ReadAllText(path).Replace(old, replacement, StringComparison.Ordinal));
    }

    public void Dispose() => System.IO.Directory.Delete(Root, recursive: true);

    private static void Write(string path, string text)
    {
        // A dot file: no source reads it before it has its name.
        var aside = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.new");
        File.WriteAllText(aside, text);
        File.Move(aside, path, overwrite: true);
    }
}
