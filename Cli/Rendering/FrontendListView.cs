using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Rendering;

/// <summary>One line per backend of each frontend, and why they were chosen.</summary>
internal static class FrontendListView
{
    public static void Print(Screen screen, IReadOnlyList<FrontendStatus> frontends)
    {
        if (frontends.Count == 0)
        {
            screen.Line("no frontends");
            return;
        }

        var table = new TextTable("FRONTEND", "SERVICE", "TYPE", "CLUSTER", "BACKEND", "STATE", "SHARE", "NODE", "POD");
        foreach (var frontend in frontends)
        {
            var (asked, service) = ($"{frontend.Frontend}/{frontend.Protocol}", $"{frontend.Namespace}/{frontend.Service}{(frontend.Port.Length == 0 ? "" : $":{frontend.Port}")}");
            var type = frontend.L7 ? $"{frontend.Type} l7" : frontend.Type;
            foreach (var backend in frontend.Backends)
                table.Add(asked, service, type, backend.Cluster, backend.Address, Words.State(backend.State), Words.Share(backend.Share), backend.Node, backend.Pod);
            if (frontend.Backends.Count == 0)
                table.Add(asked, service, type, "", "", new("no backends", Tone.Bad), "", "", "");
            table.Note(frontend.Why);
        }

        screen.Table(table);
    }
}
