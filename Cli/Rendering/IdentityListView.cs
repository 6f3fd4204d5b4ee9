using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Rendering;

/// <summary>One line per identity.</summary>
internal static class IdentityListView
{
    public static void Print(Screen screen, IReadOnlyList<IdentityStatus> identities)
    {
        if (identities.Count == 0)
        {
            screen.Line("no identities");
            return;
        }

        var table = new TextTable("ID", "CLUSTER", "LABELS");
        foreach (var identity in identities)
            table.Add(identity.Id, identity.Cluster, string.Join(' ', identity.Labels));
        screen.Table(table);
    }
}
