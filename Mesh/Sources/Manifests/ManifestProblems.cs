using System.Collections.Immutable;
using ClusterMesh.Mesh.Sources.Readers;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Manifests;

/// <summary>Turns a file's findings into problems, with their place in the file and what happens instead.</summary>
internal static class ManifestProblems
{
    public const int MostErrors = 20;
    public const int MostWarnings = 100;

    public static ImmutableArray<Problem> Of(ManifestFile file, string cluster)
    {
        var instead = Instead(file);
        var whole = $"file {Shown.Text(file.Path)}";
        var problems = ImmutableArray.CreateBuilder<Problem>();
        if (file.Refusal is not null)
            problems.Add(new Problem(cluster, whole, "", file.Refusal, instead));
        else if (!ReferenceEquals(file.Latest, file.Good))
            AddFirst(MostErrors, Findings(file.Latest, error: true), "errors");
        AddFirst(MostWarnings, Findings(file.Good, error: false), "warnings");
        return problems.ToImmutable();

        void AddFirst(int most, IEnumerable<(ManifestDocument Document, Finding Finding)> all, string what)
        {
            var first = all.Take(most + 1).ToList();
            foreach (var (document, finding) in first.Take(most))
            {
                var where = document.Where(file.Path, finding.Line);
                problems.Add(new Problem(cluster, finding.Subject ?? whole, finding.Field, finding.Reason, finding.Instead ?? instead, where));
            }

            if (first.Count > most)
                problems.Add(new Problem(cluster, whole, "", $"has more than {most} {what}", "only the first are listed"));
        }
    }

    private static string Instead(ManifestFile file) => file.EverGood
        ? $"the file's last good version stays in force ({file.Good.Objects} {(file.Good.Objects == 1 ? "object" : "objects")})"
        : file.HoldsByPoliciesOnly
            ? "nothing of this file is used, except that its network policies hold: what is wrong in them allows nothing"
            : "nothing of this file is used";

    private static IEnumerable<(ManifestDocument Document, Finding Finding)> Findings(ManifestVersion version, bool error) =>
        from document in version.Documents
        where document.Parsed.Findings.Length > 0
        from finding in document.Parsed.Findings
        where finding.IsError == error
        orderby document.Source.Number, finding.Line
        select (document, finding);
}
