using ClusterMesh.Mesh.Telemetry.Prometheus;
using System.Globalization;
using ClusterMesh.Proxy.Record.Metrics;
using ClusterMesh.Proxy.Routing;

namespace ClusterMesh.Proxy.Record.Prometheus;

/// <summary>
/// The two series of ingress-nginx that Flagger and dashboards read (peers.md 2.5), added up from our own when somebody asks:
/// nothing is counted twice.
/// </summary>
internal static class NginxMetrics
{
    public static async ValueTask WriteAsync(MetricPage page)
    {
        var text = page.Text;
        text.Family("nginx_ingress_controller_requests", "counter", "The total number of client requests (as ingress-nginx counts them).");
        foreach (var route in page.Routes)
        {
            foreach (var (key, reading) in Read(route))
            {
                Describe(text.Labels.Clear(), key, route);
                text.Sample(Total(reading));
            }

            await page.PaceAsync();
        }

        text.Family("nginx_ingress_controller_response_duration_seconds", "histogram", "The time until the response was whole (as ingress-nginx names it).");
        foreach (var route in page.Routes)
        {
            foreach (var (key, reading) in Read(route))
            {
                Describe(text.Labels.Clear(), key, route);
                text.Histogram(reading, page.Proxy.Time.TimestampFrequency);
            }

            await page.PaceAsync();
        }
    }

    private static Dictionary<RequestKey, DurationReading> Read(Route route)
    {
        var readings = new Dictionary<RequestKey, DurationReading>();
        foreach (var (bits, series) in route.State.Series.Requests)
        {
            var key = new RequestKey(bits).Coarsen();
            readings.TryGetValue(key, out var reading);
            series.ReadInto(ref reading);
            readings[key] = reading;
        }

        return readings;
    }

    private static long Total(DurationReading reading)
    {
        var total = 0L;
        for (var i = 0; i < RequestSeries.Buckets; i++) total += reading.Counts[i];
        return total;
    }

    private static void Describe(Labels labels, RequestKey key, Route route)
    {
        var model = route.Model;
        var target = route.State.Series.Target(key.Target);
        labels
            .Add("namespace", model.OwnerKey.Namespace)
            .Add("ingress", model.OwnerKey.Name)
            .Add("canary", target.Canary)
            .Add("status", key.Status.ToString(CultureInfo.InvariantCulture))
            .Add("method", RequestMethods.Name(key.Method))
            .Add("host", model.Host.ToString())
            .Add("path", model.Path.Value)
            .Add("service", target.Service.Name);
    }
}
