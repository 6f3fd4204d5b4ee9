using System.Text.RegularExpressions;

namespace ClusterMesh.Cli.Tests.Docs;

/// <summary>A page for users: the README, or one below docs/.</summary>
internal sealed class Page(string path)
{
    private readonly string _text = Repository.Read(path);

    public static IEnumerable<Page> All { get; } =
        [.. Repository.Files.Where(file => file == "README.md" || (file.StartsWith("docs/", StringComparison.Ordinal) && file.EndsWith(".md", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal).Select(file => new Page(file))];

    public string Path { get; } = path;

    public static bool IsLab(string line) => line.Contains("clustermesh lab ", StringComparison.Ordinal);

    /// <summary>What stands in fences marked sh, line by line; a backslash at an end joins two.</summary>
    public IEnumerable<string> ShellLines =>
        Regex.Matches(_text, @"^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)
            .SelectMany(fence => Regex.Replace(fence.Groups[1].Value, @"\\\n\s*", "").Split('\n', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>What stands between backticks in running text.</summary>
    public IEnumerable<string> Spans => Regex.Matches(Prose, "`([^`\n]+)`").Select(span => span.Groups[1].Value);

    /// <summary>Targets of links within the repository, from its root.</summary>
    public IEnumerable<string> Links =>
        Regex.Matches(Prose, @"\]\(([^)#]+)\)").Select(link => link.Groups[1].Value)
            .Where(link => !link.Contains("://", StringComparison.Ordinal))
            .Select(link => System.IO.Path.GetRelativePath(".", System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, link)));

    private string Prose => Regex.Replace(_text, "^```.*?^```", "", RegexOptions.Multiline | RegexOptions.Singleline);

    /// <summary>First cells of the rows of tables, from one heading to another.</summary>
    public IEnumerable<string> FirstCells(string from, string to)
    {
        var begin = _text.IndexOf($"\n{from}\n", StringComparison.Ordinal);
        var end = _text.IndexOf($"\n{to}\n", StringComparison.Ordinal);
        Assert.True(begin >= 0 && end > begin, $"{Path} has no \"{from}\" before \"{to}\"");
        return Regex.Matches(_text[begin..end], @"^\| (.*?) \|", RegexOptions.Multiline).Select(row => row.Groups[1].Value);
    }
}
