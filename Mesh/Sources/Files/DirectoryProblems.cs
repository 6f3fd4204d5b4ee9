using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Files;

/// <summary>What is to be said about directories, rather than files.</summary>
internal static class DirectoryProblems
{
    public static List<Problem> Of(
        string cluster,
        string root,
        string? rootFailure,
        IReadOnlyDictionary<string, string>? unlisted,
        IReadOnlyDictionary<string, string> unwatched,
        int objects)
    {
        if (rootFailure is not null)
        {
            var kept = $"the last good state stays in force ({objects} {(objects == 1 ? "object" : "objects")})";
            return [new Problem(cluster, $"directory {Shown.Text(root)}", "", $"cannot be read: {rootFailure}", kept)];
        }

        var problems = new List<Problem>();
        foreach (var (directory, reason) in unlisted ?? new Dictionary<string, string>())
            problems.Add(About(directory, $"cannot be read: {reason}", "the last good versions of its files stay in force"));
        foreach (var (directory, reason) in unwatched)
            problems.Add(About(directory, $"is not watched: {reason}", "its changes are seen only by looking every second"));
        return problems;

        Problem About(string directory, string reason, string instead) =>
            new(cluster, $"directory {Shown.Text(directory.Length == 0 ? root : directory)}", "", reason, instead);
    }
}
