namespace ClusterMesh.Load.Processes;

/// <summary>Where the repository's own commands are.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>A command that "make build" leaves in bin/.</summary>
    public static string Command(string name)
    {
        var path = Path.Combine(Environment.GetEnvironmentVariable("CLUSTERMESH_BIN") ?? Path.Combine(Root, "bin"), name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} does not exist: run \"make build\" first");
    }

    private static string FindRoot()
    {
        for (var directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, "ClusterMesh.sln")))
                return directory;
        }

        return Environment.CurrentDirectory;
    }
}
