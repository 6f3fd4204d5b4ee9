using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Rendering;

/// <summary>One line per endpoint.</summary>
internal static class EndpointListView
{
    public static void Print(Screen screen, IReadOnlyList<EndpointStatus> endpoints)
    {
        if (endpoints.Count == 0)
        {
            screen.Line("no endpoints");
            return;
        }

        var table = new TextTable("ENDPOINT", "NAMESPACE", "POD", "ADDRESS", "IDENTITY", "STATE", "INGRESS POLICY", "EGRESS POLICY", "INTERFACE", "MTU", "LABELS");
        foreach (var endpoint in endpoints)
            table.Add(
                endpoint.Id, endpoint.Namespace, endpoint.Pod, endpoint.Address, endpoint.Identity == 0 ? "" : Words.Number(endpoint.Identity), Words.State(endpoint.State),
                Policies(endpoint.IngressPolicy), Policies(endpoint.EgressPolicy), endpoint.Interface, endpoint.Mtu, string.Join(' ', endpoint.Labels));
        screen.Table(table);
    }

    private static string Policies(IReadOnlyList<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);
}
