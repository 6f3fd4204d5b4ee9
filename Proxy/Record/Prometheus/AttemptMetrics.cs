using ClusterMesh.Mesh.Telemetry.Prometheus;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Record.Metrics;

namespace ClusterMesh.Proxy.Record.Prometheus;

/// <summary>Attempts at backends, by service over all routes.</summary>
internal static class AttemptMetrics
{
    public static void Write(MetricPage page)
    {
        var text = page.Text;
        text.Family("clustermesh_upstream_attempts_total", "counter", "Attempts at backends, by how they ended.");
        foreach (var ((service, cluster, end), count) in Sum(page))
        {
            text.Labels.Clear().Add("service", service).Add("cluster", ClusterNumbers.Name(cluster)).Add("outcome", end.Text());
            text.Sample(count);
        }

        text.Single("clustermesh_retries_total", "counter", "Attempts beyond a request's first one.", page.Proxy.Recorder.Retries);
    }

    private static Dictionary<(string, int, EndReason), long> Sum(MetricPage page)
    {
        var sums = new Dictionary<(string, int, EndReason), long>();
        foreach (var route in page.Routes)
        {
            var series = route.State.Series;
            foreach (var (bits, counter) in series.Attempts)
            {
                var key = new AttemptKey(bits);
                var group = (series.Target(key.Target).Name, key.Cluster, key.End);
                sums[group] = sums.GetValueOrDefault(group) + counter.Value;
            }
        }

        return sums;
    }
}
