using ClusterMesh.Mesh.Telemetry.Prometheus;
using System.Globalization;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Proxy.Routing;

namespace ClusterMesh.Proxy.Record.Prometheus;

/// <summary>The backends that are known of each service port, and which clusters are chosen for it now.</summary>
internal static class BackendMetrics
{
    public static async ValueTask WriteAsync(MetricPage page)
    {
        var ports = Ports(page).ToArray();
        page.Text.Family("clustermesh_backends", "gauge", "Backends of a service port, by cluster and state: healthy, ejected, terminating, not_ready.");
        foreach (var port in ports)
        {
            Backends(page.Text, port);
            await page.PaceAsync();
        }

        page.Text.Family("clustermesh_service_chosen", "gauge", "Share of a service port's new requests that goes to a cluster now, 0 to 1, and why.");
        foreach (var port in ports)
        {
            Chosen(page.Text, port);
            await page.PaceAsync();
        }

        page.Text.Single("clustermesh_ejections_total", "counter", "Backends that were taken out for what their answers were.", page.Proxy.Health.Ejections);
    }

    private static IEnumerable<PortNow> Ports(MetricPage page)
    {
        foreach (var service in page.Proxy.State.Snapshot?.Mesh.Services.Values ?? [])
        {
            foreach (var port in service.Ports)
            {
                var number = port.Port.Port;
                if (page.Proxy.State.Port(service.Key, number) is { } state) yield return new($"{service.Key}:{number}", number, state.Now);
            }
        }
    }

    private static void Backends(MetricText text, PortNow port)
    {
        var counts = port.Now.Model.Select((backend, index) => (backend.Cluster, State: StateOf(backend, port.Now.Backends[index].Healthy)));
        foreach (var group in counts.CountBy(count => count).OrderBy(count => count.Key))
        {
            text.Labels.Clear().Add("service", port.Name).Add("cluster", group.Key.Cluster).Add("state", group.Key.State);
            text.Sample(group.Value);
        }
    }

    private static void Chosen(MetricText text, PortNow port)
    {
        var pools = port.Now.Selection.Pools;
        var total = (double)pools.Sum(pool => pool.Weight);
        var shares = pools.SelectMany(pool => pool.Members
            .CountBy(member => port.Now.Model[member].Cluster)
            .Select(cluster => (Key: (Cluster: cluster.Key, pool.Reason), Share: pool.Weight / total * cluster.Value / pool.Members.Length)));
        foreach (var group in shares.GroupBy(share => share.Key, share => share.Share))
        {
            text.Labels.Clear().Add("service", port.Name).Add("port", port.Port.ToString(CultureInfo.InvariantCulture))
                .Add("cluster", group.Key.Cluster).Add("reason", group.Key.Reason.Text());
            text.Sample(Math.Round(group.Sum(), 9));
        }
    }

    private static string StateOf(Backend backend, bool healthy) => backend.State switch
    {
        BackendState.Terminating => "terminating",
        BackendState.NotReady => "not_ready",
        _ => healthy ? "healthy" : "ejected",
    };

    private sealed record PortNow(string Name, int Port, Chosen Now);
}
