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

        var table = new TextTable("CLUSTER", "NODE", "ADDRESSES", "POD NETWORKS", "CONFIRMED");
        foreach (var node in nodes)
            table.Add(node.Cluster, node.Name, string.Join(", ", node.Addresses), string.Join(", ", node.PodCidrs), new(Words.YesNo(node.Confirmed), node.Confirmed ? Tone.Plain : Tone.Warn));
        screen.Table(table);
    }
}
