using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Rendering;

/// <summary>One line per port of each service.</summary>
internal static class ServiceListView
{
    public static void Print(Screen screen, IReadOnlyList<ServiceStatus> services)
    {
        if (services.Count == 0)
        {
            screen.Line("no services");
            return;
        }

        var table = new TextTable("NAMESPACE", "NAME", "PORT", "MODE", "HEALTHY", "CLUSTERS", "NOW");
        foreach (var service in services)
        {
            foreach (var port in service.Ports)
                table.Add(
                    service.Namespace, service.Name, ServiceView.PortName(port), service.Mode,
                    Words.Healthy(ServiceView.Healthy(port.Backends), port.Backends.Count), Clusters(port), Now(port));
            if (service.Ports.Count == 0)
                table.Add(service.Namespace, service.Name, "", service.Mode, Words.Healthy(0, 0), "", "no ports");
        }

        screen.Table(table);
    }

    private static string Clusters(ServicePortStatus port) => string.Join(", ", port.Backends.GroupBy(backend => backend.Cluster)
        .Select(cluster => $"{cluster.Key} {ServiceView.Healthy(cluster)}/{cluster.Count()}{(cluster.Any(backend => backend.Unconfirmed) ? " unconfirmed" : "")}"));

    private static Cell Now(ServicePortStatus port) => new(Words.Pools(port.Pools), port.Pools.Count == 0 ? Tone.Bad : Tone.Plain);
}
