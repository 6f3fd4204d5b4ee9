using ClusterMesh.Cli.Commands;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Rendering;

/// <summary>A node at a glance: its gateway, its agent, every cluster, and whether all is well.</summary>
internal static class StatusView
{
    public static void Print(Screen screen, StatusQuery status, int problemLimit)
    {
        if (status.Gateway is { Value.Gateway: var gateway }) PrintGateway(screen, gateway);
        if (status.Agent is { Value.Agent: var agent }) PrintAgent(screen, agent);
        screen.Table(ClusterTable.Of(status.Clusters, withAgent: status.Agent is not null, withGateway: status.Gateway is not null));
        screen.Line();
        if (status.Gateway is { Value: var state }) screen.Line(Counts(state));
        var missing = status.Missing;
        screen.Line(missing.Count == 0 ? "ready" : $"not ready: {string.Join("; ", missing)}", missing.Count == 0 ? Tone.Good : Tone.Bad);
        var problems = status.Gateway?.Value.Problems ?? status.Agent?.Value.Problems ?? [];
        if (problems.Count > 0) PrintProblems(screen, problems, problemLimit);
    }

    private static void PrintGateway(Screen screen, GatewayStatus gateway)
    {
        screen.Table(new TextTable("GATEWAY", "STATE", "SNAPSHOT", "APPLIED AT", "STARTED AT", "REQUESTS", "FAILED", "VERSION", "LISTENERS").Add(
            gateway.Cluster, Words.State(gateway.State), gateway.Snapshot, Words.Time(gateway.AppliedAt), Words.Time(gateway.StartedAt),
            gateway.Requests, new(Words.Number(gateway.Failed), gateway.Failed == 0 ? Tone.Plain : Tone.Bad), gateway.Version,
            string.Join(", ", gateway.Listeners)));
        screen.Line();
    }

    private static void PrintAgent(Screen screen, AgentStatus agent)
    {
        var told = agent.Publishing;
        screen.Table(new TextTable("AGENT", "NODE", "STATE", "SNAPSHOT", "STARTED AT", "PROXIES", "TELLS OTHERS", "LEADER", "MIRROR", "VERSION").Add(
            $"{agent.Cluster} ({agent.ClusterId})", agent.Node, Words.State(agent.State), agent.Snapshot, Words.Time(agent.StartedAt), agent.Followers,
            told is null ? "nothing" : new Cell($"{Words.Count(told.Services, "service", "services")}, {Words.Count(told.Endpoints, "endpoint", "endpoints")}{(told.Synced ? "" : ", not all yet")}", told.Synced ? Tone.Plain : Tone.Warn),
            told is null ? "" : Words.YesNo(told.Leader), agent.Mirror, agent.Version));
        if (agent.Proxy is { } proxy) screen.Line($"L7 proxy: {proxy}");
        if (told?.LastError is { } error) screen.Line($"etcd: {error}", Tone.Bad);
        screen.Line();
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
