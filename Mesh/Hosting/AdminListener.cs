using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Mesh.Hosting;

/// <summary>A program's admin port. No authentication: it listens on loopback unless asked.</summary>
public static class AdminListener
{
    public static WebApplication Build(IPEndPoint address, ILoggerFactory logs, RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(logs);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            kestrel.Listen(address);
        });
        var app = builder.Build();
        ((IApplicationBuilder)app).Run(answer);
        return app;
    }
}
