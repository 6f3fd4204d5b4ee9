using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Rendering;

/// <summary>One line per cluster; the columns are what somebody here knows.</summary>
internal static class ClusterTable
{
    public static TextTable Of(IReadOnlyList<ClusterStatus> clusters, bool withAgent, bool withGateway)
    {
        (string Name, Func<ClusterStatus, Cell> Value, bool Shown)[] columns =
        [
            ("CLUSTER", cluster => cluster.Name, true),
            ("LOCAL", cluster => Words.YesNo(cluster.Local), true),
            ("STATE", State, true),
            ("SINCE", cluster => Words.Time(cluster.Since), withAgent),
            ("ID", cluster => cluster.ClusterId == 0 ? "" : Words.Number(cluster.ClusterId), withAgent),
            ("FILES", cluster => cluster.Files, !withAgent),
            ("NODES", cluster => cluster.Nodes, withAgent),
            ("SERVICES", cluster => cluster.Services, true),
            ("ENDPOINTS", cluster => cluster.Endpoints, withAgent),
            ("IDENTITIES", cluster => cluster.Identities, withAgent),
            ("HEALTHY", cluster => Words.Healthy(cluster.Healthy, cluster.Backends), withGateway),
            ("READ AT", cluster => Words.Time(cluster.CaughtUpAt ?? cluster.Since), !withAgent),
            ("LAG", Lag, withAgent),
            ("SOURCE", cluster => cluster.Source, true),
            ("LAST ERROR", cluster => new(cluster.LastError ?? "", Tone.Bad), true),
        ];
        var shown = columns.Where(column => column.Shown).ToArray();
        var table = new TextTable([.. shown.Select(column => column.Name)]);
        foreach (var cluster in clusters) table.Add([.. shown.Select(column => column.Value(cluster))]);
        return table;
    }

    private static Cell State(ClusterStatus cluster) => cluster.Confirmed ? Words.State(cluster.State) : new($"{cluster.State}, unconfirmed", Tone.Bad);

    // Since it was last certain that nothing is under way.
    private static Cell Lag(ClusterStatus cluster)
    {
        if (cluster.Local) return "";
        if (cluster.CaughtUpAt is not { } caughtUp) return new("never heard", Tone.Warn);
        var lag = TimeProvider.System.GetUtcNow() - caughtUp;
        return new($"{Words.Number(Math.Max(0, (long)lag.TotalSeconds))} s", cluster.Confirmed ? Tone.Plain : Tone.Warn);
    }
}
