using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Rendering;

/// <summary>One service in full: what is known in each cluster, what was chosen and why, then each backend.</summary>
internal static class ServiceView
{
    public static void Print(Screen screen, ServiceStatus service)
    {
        screen.Heading($"service {service.Namespace}/{service.Name}");
        screen.Line($"mode     {service.Mode}");
        Setting(screen, "weights", service.ClusterWeights);
        Setting(screen, "order", service.ClusterOrder);
        Setting(screen, "minimum", service.MinHealthy);
        if (service.Global && !service.Shared)
            Setting(screen, "shared", "no: other clusters do not see these backends");
        foreach (var port in service.Ports)
            PrintPort(screen, port);
        if (service.Ports.Count == 0)
            screen.Line("no ports");
    }

    public static string PortName(ServicePortStatus port) => port.Name.Length == 0 ? Words.Number(port.Port) : $"{port.Name}:{port.Port}";

    public static int Healthy(IEnumerable<BackendStatus> backends) => backends.Count(backend => backend.State == "active");

    private static void Setting(Screen screen, string name, string? value)
    {
        if (value is not null)
            screen.Line($"{name,-8} {value}");
    }

    private static void PrintPort(Screen screen, ServicePortStatus port)
    {
        screen.Line();
        screen.Heading($"port {PortName(port)}");
        screen.Line($"now      {Words.Pools(port.Pools)}", port.Pools.Count == 0 ? Tone.Bad : Tone.Plain);
        screen.Line($"why      {port.Why}");
        screen.Line(port.LastSwitch is null ? "switched never" : $"switched {Words.Time(port.LastSwitch)}: {port.LastSwitchWhy}");
        if (port.Backends.Count == 0)
        {
            screen.Line("no backends", Tone.Warn);
            return;
        }

        screen.Line();
        screen.Table(Clusters(port));
        screen.Line();
        screen.Table(Backends(port));
    }

    private static TextTable Clusters(ServicePortStatus port)
    {
        var table = new TextTable("CLUSTER", "BACKENDS", "HEALTHY", "CHOSEN", "SHARE", "REASON");
        foreach (var cluster in port.Backends.GroupBy(backend => backend.Cluster))
        {
            var pool = port.Pools.FirstOrDefault(pool => pool.Clusters.Contains(cluster.Key));
            var (known, healthy) = (cluster.Count(), Healthy(cluster));
            table.Add(
                cluster.Key, known, new(Words.Number(healthy), Words.Healthy(healthy, known).Tone), Words.YesNo(pool is not null),
                pool is null ? "" : pool.Clusters.Count == 1 ? Words.Share(pool.Share) : $"{Words.Share(pool.Share)} with {Others(pool, cluster.Key)}",
                pool?.Reason);
        }

        return table;
    }

    private static string Others(PoolStatus pool, string cluster) => string.Join('+', pool.Clusters.Where(other => other != cluster));

    private static TextTable Backends(ServicePortStatus port)
    {
        var table = new TextTable("CLUSTER", "BACKEND", "STATE", "CHOSEN", "IN FLIGHT", "POD", "NODE", "ZONE", "DETAIL");
        foreach (var backend in port.Backends)
            table.Add(
                backend.Cluster, backend.Address, Words.State(backend.State), Words.YesNo(backend.Chosen), backend.InFlight,
                backend.Pod, backend.Node, backend.Zone, backend.Detail);
        return table;
    }
}
