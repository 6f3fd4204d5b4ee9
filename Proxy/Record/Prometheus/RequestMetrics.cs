using ClusterMesh.Mesh.Telemetry.Prometheus;
using System.Globalization;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Record.Metrics;
using ClusterMesh.Proxy.Routing;

namespace ClusterMesh.Proxy.Record.Prometheus;

/// <summary>http_server_request_duration_seconds: every request, with what was decided for it.</summary>
internal static class RequestMetrics
{
    public static async ValueTask WriteAsync(MetricPage page)
    {
        page.Text.Family("http_server_request_duration_seconds", "histogram", "Duration of requests, by route and by where they went and why.");
        Write(page, null, page.Proxy.Recorder.Unrouted);
        foreach (var route in page.Routes)
        {
            Write(page, route, route.State.Series);
            await page.PaceAsync();
        }
    }

    private static void Write(MetricPage page, Route? route, RouteSeries series)
    {
        foreach (var (bits, counted) in series.Requests)
        {
            Describe(page.Text.Labels.Clear(), new(bits), route, series);
            var reading = default(DurationReading);
            counted.ReadInto(ref reading);
            page.Text.Histogram(reading, page.Proxy.Time.TimestampFrequency);
        }
    }

    private static void Describe(Labels labels, RequestKey key, Route? route, RouteSeries series)
    {
        var target = series.Target(key.Target);
        labels
            .Add("http_request_method", RequestMethods.Name(key.Method))
            .Add("http_response_status_code", key.Status.ToString(CultureInfo.InvariantCulture))
            .Add("http_route", route?.Model.Name ?? "")
            .Add("service", target.Name)
            .Add("cluster", ClusterNumbers.Name(key.Cluster))
            .Add("split", key.Split?.Text() ?? "")
            .Add("reason", key.Reason?.Text() ?? "")
            .Add("ingress", route?.Model.OwnerKey.Name ?? "")
            .Add("namespace", route?.Model.OwnerKey.Namespace ?? "")
            .Add("canary", target.Canary);
        if (ErrorType.OfRequest(key.End, key.Status) is { } error) labels.Add("error_type", error);
    }
}
