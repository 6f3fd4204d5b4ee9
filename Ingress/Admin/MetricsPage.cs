using ClusterMesh.Proxy.Hosting;
using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Mesh.Telemetry.Prometheus;
using System.Runtime.InteropServices;
using ClusterMesh.Ingress.Hosting;
using ClusterMesh.Ingress.Options;
using ClusterMesh.Proxy;
using ClusterMesh.Proxy.Record.Prometheus;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Ingress.Admin;

/// <summary>GET /metrics (docs/metrics.md): the proxy's, the gateway's own, and the runtime's.</summary>
internal sealed class MetricsPage(IngressOptions options, ProxyCore proxy, IngressState state, TelemetryHost telemetry)
{
    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.ContentType = MetricText.ContentType;
        var page = new MetricPage(context.Response.BodyWriter, proxy, context.RequestAborted);
        var text = page.Text;
        await ProxyMetrics.WriteAsync(page);
        text.Single("clustermesh_problems", "gauge", "Things that are wrong in the objects in force; /state lists them.", state.Problems.Length);
        text.Family("clustermesh_build_info", "gauge", "What runs here.");
        text.Labels.Clear().Add("version", BuildVersion.Text).Add("cluster", options.Cluster).Add("runtime", RuntimeInformation.FrameworkDescription);
        text.Sample(1);
        telemetry.Runtime.Write(text);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
