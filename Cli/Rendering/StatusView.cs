using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Rendering;

/// <summary>The gateway at a glance.</summary>
internal static class StatusView
{
    public static void Print(Screen screen, GatewayState state, int problemLimit)
    {
        var gateway = state.Gateway;
        screen.Table(new TextTable("GATEWAY", "STATE", "SNAPSHOT", "APPLIED AT", "STARTED AT", "REQUESTS", "FAILED", "VERSION", "LISTENERS").Add(
            gateway.Cluster, Words.State(gateway.State), gateway.Snapshot, Words.Time(gateway.AppliedAt), Words.Time(gateway.StartedAt),
            gateway.Requests, new(Words.Number(gateway.Failed), gateway.Failed == 0 ? Tone.Plain : Tone.Bad), gateway.Version,
            string.Join(", ", gateway.Listeners)));
        screen.Line();
        screen.Table(Clusters(state.Clusters));
        screen.Line();
        screen.Line(Counts(state));
        if (state.Problems.Count > 0)
            PrintProblems(screen, state.Problems, problemLimit);
    }

    private static TextTable Clusters(IReadOnlyList<ClusterStatus> clusters)
    {
        var table = new TextTable("CLUSTER", "LOCAL", "STATE", "FILES", "SERVICES", "HEALTHY", "READ AT", "SOURCE", "LAST ERROR");
        foreach (var cluster in clusters)
            table.Add(
                cluster.Name, Words.YesNo(cluster.Local), Words.State(cluster.State), cluster.Files, cluster.Services,
                Words.Healthy(cluster.Healthy, cluster.Backends), Words.Time(cluster.CaughtUpAt ?? cluster.Since), cluster.Source, new(cluster.LastError ?? "", Tone.Bad));
        return table;
    }

    private static string Counts(GatewayState state)
    {
        var unread = state.Clusters.SelectMany(cluster => cluster.UnknownKinds ?? new Dictionary<string, int>())
            .GroupBy(kind => kind.Key, kind => kind.Value)
            .OrderBy(kind => kind.Key, StringComparer.Ordinal)
            .Select(kind => $"{kind.Sum()} {kind.Key}")
            .ToList();
        var counts = $"{Words.Count(state.Services.Count, "service", "services")} ({state.Services.Count(service => service.Global)} global), "
            + $"{Words.Count(state.Routes.Count, "route", "routes")}, "
            + $"{Words.Count(state.Certificates.Count, "certificate", "certificates")}, "
            + Words.Count(state.Problems.Count, "problem", "problems");
        return unread.Count == 0 ? counts : $"{counts}; not read: {string.Join(", ", unread)}";
    }

    private static void PrintProblems(Screen screen, IReadOnlyList<ProblemStatus> problems, int limit)
    {
        var table = new TextTable("CLUSTER", "SUBJECT", "FIELD", "PROBLEM", "INSTEAD", "WHERE");
        foreach (var problem in problems.Take(limit))
            table.Add(problem.Cluster, problem.Subject, problem.Field, new(problem.Reason, Tone.Warn), problem.Instead, problem.Where);
        screen.Line();
        screen.Table(table);
        if (problems.Count > limit)
            screen.Line($"{problems.Count - limit} more: clustermesh status --problems all");
    }
}
