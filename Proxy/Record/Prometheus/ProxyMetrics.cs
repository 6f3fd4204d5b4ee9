using ClusterMesh.Mesh.Telemetry.Prometheus;
using ClusterMesh.Proxy.Filters;
using ClusterMesh.Proxy.Record.Flows;

namespace ClusterMesh.Proxy.Record.Prometheus;

/// <summary>All that the proxy itself has to tell a scraper; a host adds what only it knows.</summary>
internal static class ProxyMetrics
{
    public static async ValueTask WriteAsync(MetricPage page)
    {
        var recorder = page.Proxy.Recorder;
        await RequestMetrics.WriteAsync(page);
        await NginxMetrics.WriteAsync(page);
        AttemptMetrics.Write(page);
        await BackendMetrics.WriteAsync(page);
        page.Text.Single("clustermesh_requests_active", "gauge", "Requests under way.", recorder.Active);
        WriteMirrors(page.Text, page.Proxy.Mirroring);
        page.Text.Single("clustermesh_access_log_dropped_total", "counter", "Requests that the access log had no room or no file for.", recorder.AccessLogDropped);
        if (recorder.Flows is { } flows) Lost(page.Text, flows);
        if (page.Proxy.State.Snapshot is not { } snapshot) return;
        page.Text.Single("clustermesh_snapshot_version", "gauge", "Version of the snapshot in force.", snapshot.Version);
        page.Text.Single("clustermesh_snapshot_applied_timestamp_seconds", "gauge", "When it was applied.", snapshot.AppliedAt.ToUnixTimeMilliseconds() / 1000.0);
    }

    private static void Lost(MetricText text, IFlowSink flows)
    {
        text.Family("clustermesh_proxy_flows_lost_total", "counter", "Requests that the agent was told of as a number alone: there were too many in a second, or it was slow or away.");
        text.Labels.Clear().Add("reason", "rate");
        text.Sample(flows.Limited);
        text.Labels.Clear().Add("reason", "queue");
        text.Sample(flows.Lost);
    }

    private static void WriteMirrors(MetricText text, Mirroring mirroring)
    {
        text.Family("clustermesh_mirrored_requests_total", "counter", "Copies of requests for an HTTPRoute's RequestMirror, by outcome: sent, failed, dropped.");
        foreach (var (outcome, count) in new[] { ("sent", mirroring.Sent), ("failed", mirroring.Failed), ("dropped", mirroring.Dropped) })
        {
            text.Labels.Clear().Add("outcome", outcome);
            text.Sample(count);
        }
    }
}
