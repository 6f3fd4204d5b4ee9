using ClusterMesh.Proxy.Hosting;
using ClusterMesh.Ingress.Hosting;
using ClusterMesh.Ingress.Options;
using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Proxy;
using Microsoft.AspNetCore.Builder;

namespace ClusterMesh.Ingress.Admin;

/// <summary>The admin port: health, metrics, state and explanations.</summary>
internal static class AdminServer
{
    public static WebApplication Build(IngressOptions options, ProxyCore proxy, IngressState state, TelemetryHost telemetry) =>
        AdminListener.Build(options.Admin, telemetry.Logs, new AdminEndpoints(options, proxy, state, telemetry).InvokeAsync);
}
