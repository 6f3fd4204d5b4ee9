using ClusterMesh.Ingress.Options;
using ClusterMesh.Ingress.Routes;
using ClusterMesh.Ingress.Tls;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Mesh.Wire;
using ClusterMesh.Mesh.Wire.Flows;
using ClusterMesh.Proxy;
using ClusterMesh.Proxy.Admin;
using ClusterMesh.Proxy.Hosting;
using ClusterMesh.Proxy.Listen;
using ClusterMesh.Proxy.Record.Flows;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Ingress.Hosting;

/// <summary>The edge gateway: snapshots -> routes -> proxy, the listeners, and the admin port.</summary>
internal sealed class Gateway(IngressOptions options, TimeProvider time)
{
    /// <summary>Runs until SIGTERM or SIGINT and drains. 0 = stopped in good order, 1 = could not start.</summary>
    public async Task<int> RunAsync()
    {
        using var telemetry = TelemetryHost.Create(options.Telemetry);
        var log = telemetry.Logs.CreateLogger("ClusterMesh.Ingress");
        using var stop = new CancellationTokenSource();
        try
        {
            // Objects to snapshot to routes to proxy: one writer, one swap.
            using var mesh = await OpenMeshAsync(log);
            using var reporter = mesh is null ? null : new FlowReporter(((AgentOptions)options.Source).Socket, time);
            await using var proxy = ProxyCore.Create(Settings(), telemetry.Logs, time, authorizer: mesh?.Authorizer, flows: reporter is null ? null : new AgentFlows(reporter, time));
            var state = new IngressState(options, proxy, telemetry.Runtime, log, time);
            await using var feed = OpenFeed(log);
            feed.Start(state.Apply);

            // The admin port, then traffic as soon as there is something to route by, then ready.
            await using var server = TrafficServer.Build(options, proxy, state, telemetry.Logs);
            await using var admin = AdminListener.Build(options.Admin, telemetry.Logs, new AdminPages(proxy, state).InvokeAsync);
            await admin.StartAsync(stop.Token);
            Task[] work = [.. feed.Run(state.Apply, exception => Log.NotApplied(log, exception), stop.Token), .. proxy.Run(stop.Token), mesh?.RunAsync(exception => Log.NotApplied(log, exception), lost => AgentLog.Policies(log, lost), stop.Token) ?? Task.CompletedTask, reporter?.RunAsync(lost => AgentLog.Flows(log, lost), stop.Token) ?? Task.CompletedTask];
            var end = Drain.OnSignal(state.Lifecycle, options, log, time);
            await Task.WhenAny(Task.WhenAll(state.FirstSnapshot, mesh?.Known ?? Task.CompletedTask), end);
            await server.StartAsync(stop.Token);
            await WarmUp.RunAsync(options.WarmUp, options.Listen, options.Cluster, telemetry.Logs, time, stop.Token);
            if (!end.IsCompleted)
            {
                state.Lifecycle.Ready();
                Log.Ready(log, options.Cluster, state.Version, string.Join(", ", state.Listeners));
            }

            await end;

            // Not ready and drained; what is still open gets the time-out.
            await server.StopAsync(stop.Token);
            await stop.CancelAsync();
            await admin.StopAsync(CancellationToken.None);
            await Task.WhenAll(work).ContinueWith(static _ => { }, TaskScheduler.Default);
            return 0;
        }
        catch (Exception exception) when (exception is SourceException or IOException or System.Net.Sockets.SocketException or Bpf.BpfException)
        {
            Log.CannotStart(log, exception.Message);
            return 1;
        }
    }

    // Until then a signal ends the process as it ends any.
    private async Task<MeshIdentity?> OpenMeshAsync(ILogger log) => options.Mesh is { } mesh
        ? new((await AgentMaps.OpenAsync(mesh.PinDirectory, log, time, new TaskCompletionSource().Task))!, (AgentOptions)options.Source, options.Cluster, time)
        : null;

    // A policy may refuse the gateway's connections to a backend, as it may a pod's.
    private ProxySettings Settings() => new()
    {
        Edge = options.Edge, AccessLog = options.AccessLog, Cluster = options.Cluster, Ejection = new() { ConnectFailureEjects = options.Mesh is null },
    };

    private ISnapshotFeed OpenFeed(ILogger log) => options.Source switch
    {
        AgentOptions agent => new AgentFeed(options.Cluster, agent, Follower.Edge, log, time),
        DirectoryOptions directories => new DirectoryFeed(options.Cluster, directories, time),
        _ => throw new InvalidOperationException($"no feed for {options.Source}"),
    };
}
