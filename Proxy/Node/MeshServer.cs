using System.Net;
using System.Net.Sockets;
using ClusterMesh.Proxy.Authorize;
using ClusterMesh.Proxy.Listen;
using ClusterMesh.Proxy.Match;
using ClusterMesh.Proxy.Node.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Proxy.Node;

/// <summary>Listeners in front of the pipeline, whose gate says who calls.</summary>
internal sealed class MeshServer(ProxyOptions options, ProxyCore proxy, NodeState state)
{
    public WebApplication Build(IPEndPoint address, Func<EndPoint, Socket> bind, Func<ConnectionDelegate, ConnectionDelegate> gate, ILoggerFactory logs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(logs);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout);
        KestrelSetup.ConfigureBound(builder.WebHost, options.Listen, address, bind, gate);
        var app = builder.Build();
        ((IApplicationBuilder)app).Run(InvokeAsync);
        return app;
    }

    private Task InvokeAsync(HttpContext context)
    {
        if (HttpProtocol.IsHttp2(context.Request.Protocol)) context.Features.Get<Http2Goodbye>()?.Speaks();
        else if (state.Lifecycle.IsDraining && HttpProtocol.IsHttp11(context.Request.Protocol)) context.Response.Headers.Connection = "close";
        // Asked for each request: the service may have changed since the connection was opened.
        var caller = context.Features.Get<Caller>()!;
        var frontend = caller.Scope == CallerScope.Service ? state.FrontendOf(caller.Asked) : null;
        return caller.Scope == CallerScope.Service && !state.HasRoutes(frontend) ? InvokeLaterAsync(context, caller) : InvokeAsync(context, caller, frontend);
    }

    private async Task InvokeLaterAsync(HttpContext context, Caller caller)
    {
        await state.Awaited.WaitAsync(caller.Asked, () => state.HasRoutes(state.FrontendOf(caller.Asked)), context.RequestAborted);
        await InvokeAsync(context, caller, state.FrontendOf(caller.Asked));
    }

    private Task InvokeAsync(HttpContext context, Caller caller, IFrontendFeature? frontend)
    {
        if (frontend is not null) context.Features.Set(frontend);
        else if (state.DirectTo(caller.Asked) is { } direct) context.Features.Set(direct);
        return proxy.InvokeAsync(context);
    }
}
