using System.Text.RegularExpressions;

namespace ClusterMesh.Cli.Tests.Docs;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Above(AppContext.BaseDirectory);

    /// <summary>debug or release: what the tests themselves were built as.</summary>
    public static string Configuration { get; } = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));

    /// <summary>Files that people write, by their paths from the root.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Root, file))
            .Where(file => !file.Split('/').Any(part => part is "artifacts" or "bin" or "obj" or ".git"))];

    /// <summary>Every word of the sources and of what the tests share.</summary>
    public static Lazy<HashSet<string>> SourceWords { get; } = new(() =>
        [.. Files.Where(file => Regex.IsMatch(file, @"^(?!tests/(?!Support/)).*\.cs$"))
            .SelectMany(file => Regex.Matches(Read(file), @"\w+")).Select(word => word.Value)]);

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static bool Has(string path) => Path.Exists(Path.Combine(Root, path));

    private static string Above(string start)
    {
        var folder = new DirectoryInfo(start);
        while (!File.Exists(Path.Combine(folder.FullName, "ClusterMesh.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException($"no ClusterMesh.sln above {start}");
        return folder.FullName;
    }
}
