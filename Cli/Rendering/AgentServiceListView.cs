using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Rendering;

/// <summary>One line per service, as an agent knows it.</summary>
internal static class AgentServiceListView
{
    public static void Print(Screen screen, IReadOnlyList<AgentServiceStatus> services)
    {
        if (services.Count == 0)
        {
            screen.Line("no services");
            return;
        }

        var table = new TextTable("NAMESPACE", "NAME", "GLOBAL", "SHARED", "AFFINITY", "L7", "BACKENDS");
        foreach (var service in services)
            table.Add(service.Namespace, service.Name, Words.YesNo(service.Global), Words.YesNo(service.Shared), service.Affinity, string.Join(", ", service.L7Ports), Backends(service));
        screen.Table(table);
    }

    private static string Backends(AgentServiceStatus service) => string.Join(", ", service.Clusters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"));
}
