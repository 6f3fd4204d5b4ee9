using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Routes;

/// <summary>An Ingress' paths, each match once, with their routes' names.</summary>
internal static class PathParser
{
    /// <param name="hosts">The rules' hosts; null = the rule is left out.</param>
    public static ImmutableArray<ParsedPath> Parse(IngressObject ingress, HostMatch?[] hosts, ProblemList problems)
    {
        var paths = ImmutableArray.CreateBuilder<ParsedPath>();
        var seen = new HashSet<(HostMatch, PathMatch)>();
        for (var i = 0; i < hosts.Length; i++)
        {
            if (hosts[i] is not { } host)
                continue;
            for (var j = 0; j < ingress.Rules[i].Paths.Count; j++)
            {
                var (written, field) = (ingress.Rules[i].Paths[j], $"spec.rules[{i}].http.paths[{j}]");
                if (!RulePath.TryParse(written, out var match))
                    problems.Add(ingress, $"{field}.path", $"{ProblemList.Quote(written.Path)} is no path that can be matched", "the path is ignored");
                else if (!seen.Add((host, match)))
                    problems.Add(ingress, field, $"{host}{match.Value} ({match.Kind}) is already in this Ingress", "the first one is used");
                else
                    paths.Add(new ParsedPath(host, match, Written(written), written.Type, written.Backend, "", field));
            }
        }
        return [.. paths.Select(path => path with { Name = NameOf(ingress, path, seen) })];
    }

    private static string Written(IngressPath path) => path.Path.Length == 0 ? "/" : path.Path;

    private static string NameOf(IngressObject ingress, ParsedPath path, HashSet<(HostMatch, PathMatch)> all)
    {
        var hasTwin = path.Match.Kind == PathMatchKind.Exact && all.Contains((path.Host, path.Match with { Kind = PathMatchKind.Prefix }));
        return $"{ingress.Key} {path.Host}{path.Match.Value}{(hasTwin ? " exact" : "")}";
    }
}
