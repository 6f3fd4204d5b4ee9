using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Health;
using ClusterMesh.Proxy.Routing;

namespace ClusterMesh.Proxy.Explain;

/// <summary>A service as people see it: what was asked for, what is chosen, why, and each backend.</summary>
internal static class ServiceView
{
    public static ServiceStatus Of(ServiceModel service, ProxyCore proxy)
    {
        var mode = service.Mode;
        return new(
            service.Key.Namespace, service.Key.Name, mode.Global, mode.Global && mode.Shared, mode.Affinity.ToString().ToLowerInvariant(), Words(mode),
            mode.ClusterWeights.IsEmpty ? null : string.Join(",", mode.ClusterWeights.Select(weight => $"{weight.Cluster}={weight.Weight}")),
            mode.ClusterOrder.IsEmpty ? null : string.Join(",", mode.ClusterOrder), mode.MinHealthy?.ToString(),
            [.. service.Ports.Select(port => PortOf(service, port, proxy))]);
    }

    public static IReadOnlyList<PoolStatus> Pools(Chosen chosen)
    {
        var total = (double)chosen.Selection.Pools.Sum(pool => pool.Weight);
        return [.. chosen.Selection.Pools.Select(pool => new PoolStatus(pool.Clusters, pool.Weight / total, pool.Reason.Text(), pool.Members.Length))];
    }

    public static IReadOnlyList<BackendStatus> Backends(Chosen chosen, MeshSnapshot mesh)
    {
        var taken = chosen.Selection.Pools.SelectMany(pool => pool.Members).ToHashSet();
        return [.. chosen.Model.Select((backend, index) => BackendOf(backend, chosen.Backends[index], taken.Contains(index), IsConfirmed(backend, mesh)))];
    }

    private static ServicePortStatus PortOf(ServiceModel service, ServicePortModel port, ProxyCore proxy)
    {
        if (proxy.State.Port(service.Key, port.Port.Port) is not { } state) return new(port.Port.Name, port.Port.Port, [], "not applied yet", null, null, []);
        var chosen = state.Now;
        return new(port.Port.Name, port.Port.Port, Pools(chosen), chosen.Selection.Why, state.LastSwitch, state.LastSwitchWhy, Backends(chosen, proxy.State.Snapshot!.Mesh));
    }

    private static BackendStatus BackendOf(Backend backend, BackendHealth health, bool chosen, bool confirmed)
    {
        var (state, detail) = backend.State switch
        {
            BackendState.Terminating => ("terminating", null),
            BackendState.NotReady => ("not-ready", null),
            _ when health.Ejection is { } ejection => ("ejected", EjectionText(ejection)),
            _ when health.ProbeFailing => ("ejected", "fails its probes"),
            _ => ("active", (string?)null),
        };
        if (!confirmed) detail = (detail is null ? "" : detail + "; ") + $"unconfirmed, as {backend.Cluster} is not heard";
        return new(backend.Cluster, backend.Authority, state, detail, chosen, health.InFlight, backend.Pod, backend.Node, backend.Zone, !confirmed);
    }

    private static bool IsConfirmed(Backend backend, MeshSnapshot mesh) => !mesh.Clusters.TryGetValue(backend.Cluster, out var cluster) || cluster.Confirmed;

    private static string EjectionText(Ejection ejection) => ejection.Reason == EndReason.ConnectFailed
        ? $"{ejection.Reason.Text()} at {ejection.Since:HH:mm:ss}, until it listens again"
        : $"{ejection.Reason.Text()} at {ejection.Since:HH:mm:ss}, until {ejection.Until:HH:mm:ss}";

    private static string Words(ServiceMode mode)
    {
        if (!mode.Global) return "local only";
        var words = new List<string> { mode.ClusterWeights.IsEmpty ? $"global, affinity {mode.Affinity.ToString().ToLowerInvariant()}" : "global, by cluster weights" };
        if (!mode.Shared) words.Add("not shared");
        if (!mode.ClusterOrder.IsEmpty) words.Add($"order {string.Join(",", mode.ClusterOrder)}");
        if (mode.MinHealthy is { } minimum) words.Add($"min-healthy {minimum}");
        return string.Join(", ", words);
    }
}
