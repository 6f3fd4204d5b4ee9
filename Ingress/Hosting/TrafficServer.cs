using ClusterMesh.Proxy.Hosting;
using ClusterMesh.Ingress.Options;
using ClusterMesh.Proxy;
using ClusterMesh.Proxy.Listen;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Ingress.Hosting;

/// <summary>The listeners that clients use, in front of the pipeline.</summary>
internal static class TrafficServer
{
    public static WebApplication Build(IngressOptions options, ProxyCore proxy, IngressState state, ILoggerFactory logs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(logs);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout);
        KestrelSetup.Configure(builder.WebHost, options.Listen, state.Certificate, options.Mesh is null ? null : MeshIdentity.Use);
        var app = builder.Build();
        ((IApplicationBuilder)app).Run(context =>
        {
            if (state.Lifecycle.IsDraining && HttpProtocol.IsHttp11(context.Request.Protocol)) context.Response.Headers.Connection = "close";
            return proxy.InvokeAsync(context);
        });
        return app;
    }
}
