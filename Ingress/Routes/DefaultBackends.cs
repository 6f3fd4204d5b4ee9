using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Routes;

/// <summary>What takes the requests that no path matches: each host's default first, then the one for all.</summary>
internal static class DefaultBackends
{
    /// <summary>Adds to the table the defaults of hosts whose Ingress has a defaultBackend. Ingresses come oldest first.</summary>
    public static void AddHostDefaults(PathTable table, IReadOnlyList<ParsedIngress> mains, ProblemList problems)
    {
        foreach (var ingress in mains)
        {
            if (ingress.Object.DefaultBackend is not { } backend)
                continue;
            foreach (var host in ingress.Hosts)
            {
                var taken = table.Find(host, PathMatch.All);
                if (taken is null)
                    table.TryAdd(RouteDraft.ForDefault(ingress, host, backend, $"{ingress.Key} {host} default"));
                else if (taken.IsDefault && taken.Path.Backend != backend)
                    ReportTaken(ingress, $"of host {host}", taken, problems);
            }
        }
    }

    /// <summary>The oldest Ingress that has nothing but a defaultBackend, else the oldest that has one at all.</summary>
    public static RouteDraft? ChooseGlobal(IReadOnlyList<ParsedIngress> mains, ProblemList problems)
    {
        var withDefault = mains.Where(ingress => ingress.Object.DefaultBackend is not null).ToList();
        var chosen = withDefault.Find(HasNoRules) ?? withDefault.FirstOrDefault();
        if (chosen is null)
            return null;

        var draft = RouteDraft.ForDefault(chosen, HostMatch.Any, chosen.Object.DefaultBackend!, $"{chosen.Key} default");
        foreach (var other in withDefault.Where(other => !ReferenceEquals(other, chosen) && HasNoRules(other)))
            ReportTaken(other, "of all hosts", draft, problems);
        return draft;
    }

    /// <summary>A host that is named without any path goes to the default for all, not to a wildcard's or a hostless rule.</summary>
    public static void AddPathlessHosts(PathTable table, IReadOnlyList<ParsedIngress> mains, RouteDraft? global)
    {
        if (global is null)
            return;
        foreach (var ingress in mains)
        {
            foreach (var host in ingress.Hosts)
            {
                if (!table.HasHost(host))
                    table.TryAdd(RouteDraft.ForDefault(global.Owner, host, global.Path.Backend, $"{global.Owner.Key} {host} default"));
            }
        }
    }

    private static bool HasNoRules(ParsedIngress ingress) => ingress.Object.Rules.Count == 0;

    private static void ReportTaken(ParsedIngress loser, string what, RouteDraft winner, ProblemList problems) => problems.Add(
        loser.Object, ParsedPath.DefaultBackendField, $"the default backend {what} already belongs to the older {winner.Owner.Owner}", "that one serves it");
}
