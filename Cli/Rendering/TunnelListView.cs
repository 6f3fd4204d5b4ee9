using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Rendering;

/// <summary>One line per range of pod addresses.</summary>
internal static class TunnelListView
{
    public static void Print(Screen screen, IReadOnlyList<TunnelStatus> tunnels)
    {
        if (tunnels.Count == 0)
        {
            screen.Line("no pod networks");
            return;
        }

        var table = new TextTable("PREFIX", "VIA", "TUNNEL", "NODE", "CLUSTER");
        foreach (var tunnel in tunnels)
            table.Add(tunnel.Prefix, tunnel.Via, tunnel.Tunnel, tunnel.Node, tunnel.Cluster);
        screen.Table(table);
    }
}
