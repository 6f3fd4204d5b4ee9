using ClusterMesh.Agent.Flows.Requests;
using ClusterMesh.Agent.Options;
using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Mesh.Wire;
using ClusterMesh.Mesh.Wire.Flows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Hosting;

/// <summary>The Unix socket that this node's proxies follow, and tell of requests; who may connect is a matter of its file mode.</summary>
internal static class SocketServer
{
    /// <param name="policies">Null = this agent moves no packets: nobody here is told what may pass.</param>
    public static async Task<WebApplication> StartAsync(AgentOptions options, SnapshotHub hub, PolicyHub? policies, RequestFlows requests, ILoggerFactory logs, TimeProvider time, CancellationToken stop)
    {
        var path = options.Socket!;
        // What an agent before us left behind. Two agents with one socket are two nodes with one name: the later one wins.
        File.Delete(path);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(logs).AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var app = builder.Build();
        app.MapSnapshots(hub, time);
        app.MapFlows(requests.Take);
        if (policies is not null) app.MapPolicies(policies, options.Cluster);
        await app.StartAsync(stop);
        if (options.ProxyGroup is { } group) FileGroup.Set(path, group);
        var mode = options.ProxyGroup is null ? options.SocketMode : options.SocketMode | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        File.SetUnixFileMode(path, mode);
        return app;
    }
}
