using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Rendering;

/// <summary>One line per address or range.</summary>
internal static class IpcacheListView
{
    public static void Print(Screen screen, IReadOnlyList<IpcacheStatus> addresses)
    {
        if (addresses.Count == 0)
        {
            screen.Line("no addresses");
            return;
        }

        var table = new TextTable("PREFIX", "IDENTITY", "TUNNEL", "OWNER");
        foreach (var address in addresses)
            table.Add(address.Prefix, address.Identity == 0 ? new Cell("unknown", Tone.Warn) : address.Identity, address.Tunnel, address.Owner);
        screen.Table(table);
    }
}
