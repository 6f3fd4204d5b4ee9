using ClusterMesh.Ingress.Hosting;
using ClusterMesh.Ingress.Options;
using ClusterMesh.Proxy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterMesh.Ingress.Admin;

/// <summary>The admin port: health, metrics, state and explanations. No authentication: it listens on loopback unless asked.</summary>
internal static class AdminServer
{
    public static WebApplication Build(IngressOptions options, ProxyCore proxy, IngressState state, TelemetryHost telemetry)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(telemetry.Logs);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            kestrel.Listen(options.Admin);
        });
        var app = builder.Build();
        var endpoints = new AdminEndpoints(options, proxy, state, telemetry);
        ((IApplicationBuilder)app).Run(endpoints.InvokeAsync);
        return app;
    }
}
