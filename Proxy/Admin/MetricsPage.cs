using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Mesh.Telemetry.Prometheus;
using System.Runtime.InteropServices;
using ClusterMesh.Proxy.Record.Prometheus;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Admin;

/// <summary>GET /metrics (docs/metrics.md): the pipeline's, and those of the host that it runs in.</summary>
internal sealed class MetricsPage(ProxyCore proxy, IProxyHost host)
{
    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.ContentType = MetricText.ContentType;
        var page = new MetricPage(context.Response.BodyWriter, proxy, host.Direct, context.RequestAborted);
        var text = page.Text;
        await ProxyMetrics.WriteAsync(page);
        text.Single("clustermesh_problems", "gauge", "Things that are wrong in the objects in force; /state lists them.", host.Problems.Length);
        text.Family("clustermesh_build_info", "gauge", "What runs here.");
        text.Labels.Clear().Add("version", BuildVersion.Text).Add("cluster", host.Cluster).Add("runtime", RuntimeInformation.FrameworkDescription);
        text.Sample(1);
        host.WriteMetrics(text);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
