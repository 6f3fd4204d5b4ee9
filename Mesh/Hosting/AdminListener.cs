using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Mesh.Hosting;

/// <summary>A program's admin port. No authentication: it listens on loopback unless asked.</summary>
public static class AdminListener
{
    public static WebApplication Build(IPEndPoint address, ILoggerFactory logs, RequestDelegate answer) => Build(kestrel => kestrel.Listen(address), logs, answer);

    /// <summary>At a Unix socket; whoever may write to its file may do everything that it offers.</summary>
    public static WebApplication Build(string socket, ILoggerFactory logs, RequestDelegate answer) => Build(kestrel => kestrel.ListenUnixSocket(socket), logs, answer);

    private static WebApplication Build(Action<KestrelServerOptions> listen, ILoggerFactory logs, RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(logs);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            listen(kestrel);
        });
        var app = builder.Build();
        ((IApplicationBuilder)app).Run(answer);
        return app;
    }
}
