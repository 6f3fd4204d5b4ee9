using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Rendering;

/// <summary>One line per node.</summary>
internal static class NodeListView
{
    public static void Print(Screen screen, IReadOnlyList<NodeStatus> nodes)
    {
        if (nodes.Count == 0)
        {
            screen.Line("no nodes");
            return;
        }

        var table = new TextTable("CLUSTER", "NODE", "ADDRESSES", "POD NETWORKS", "CONFIRMED", "HEALTH", "RTT", "REASON");
        foreach (var node in nodes)
            table.Add(node.Cluster, node.Name, string.Join(", ", node.Addresses), string.Join(", ", node.PodCidrs), new(Words.YesNo(node.Confirmed), node.Confirmed ? Tone.Plain : Tone.Warn), Health(node.Health), Rtt(node.Health), node.Health?.Reason);
        screen.Table(table);
    }

    private static Cell Health(NodeHealthStatus? health) => health is null ? "" : new Cell(health.State, health.State switch
    {
        "reachable" => Tone.Good,
        "unreachable" => Tone.Bad,
        "unknown" => Tone.Warn,
        _ => Tone.Plain,
    });

    private static string Rtt(NodeHealthStatus? health) =>
        health?.RttMicroseconds is { } microseconds ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{microseconds / 1000.0:0.0##} ms") : "";
}
