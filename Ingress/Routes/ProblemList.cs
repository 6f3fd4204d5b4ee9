using System.Collections.Immutable;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Ingress.Routes;

/// <summary>Collects what is wrong, each thing once, in the order it was found.</summary>
internal sealed class ProblemList(string cluster)
{
    private readonly List<Problem> _problems = [];
    private readonly HashSet<Problem> _seen = [];

    public void Add(KubernetesObject subject, string field, string reason, string instead) =>
        Add($"{subject.Kind} {subject.Key}", field, reason, instead);

    /// <param name="subject">An object that may not be there: "Secret default/web".</param>
    public void Add(string subject, string field, string reason, string instead) =>
        Add(new Problem(cluster, subject, field, reason, instead));

    public void Add(Problem problem)
    {
        if (_seen.Add(problem))
            _problems.Add(problem);
    }

    public void Add(ImmutableArray<Problem> problems)
    {
        foreach (var problem in problems)
            Add(problem);
    }

    public ImmutableArray<Problem> ToImmutable() => [.. _problems];

    /// <summary>A user's value as it may stand in a message: on one line and not longer than a line.</summary>
    public static string Quote(string value)
    {
        const int longest = 80;
        var line = string.Concat(value.Take(longest).Select(c => char.IsControl(c) ? ' ' : c));
        return value.Length > longest ? $"\"{line}...\"" : $"\"{line}\"";
    }
}
