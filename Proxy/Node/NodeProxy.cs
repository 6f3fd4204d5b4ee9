using System.Net;
using System.Net.Sockets;
using ClusterMesh.Bpf;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Policy;
using ClusterMesh.Mesh.Wire;
using ClusterMesh.Mesh.Wire.Flows;
using ClusterMesh.Proxy.Admin;
using ClusterMesh.Proxy.Authorize;
using ClusterMesh.Proxy.Hosting;
using ClusterMesh.Proxy.Node.Options;
using ClusterMesh.Proxy.Record.Flows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Proxy.Node;

/// <summary>
/// A node's proxy: connections from the kernel in, requests to backends out, each on behalf of who asked. Runs beside the agent and does not
/// need it once it has a snapshot and the policies.
/// </summary>
/// <param name="beside">Lets the server listen elsewhere, too, once it is in the kernel's place: where the same proxy is measured without the redirect.</param>
internal sealed class NodeProxy(ProxyOptions options, TimeProvider time, Func<MeshServer, ILoggerFactory, Task>? beside = null)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    /// <summary>For the server's own goodbyes, when nothing of the time to drain is left.</summary>
    private static readonly TimeSpan s_goodbye = TimeSpan.FromSeconds(1);

    /// <summary>Runs until SIGTERM or SIGINT, or until a successor has taken over, and drains. 0 = stopped in good order, 1 = could not start.</summary>
    public async Task<int> RunAsync()
    {
        using var telemetry = TelemetryHost.Create(options.Telemetry);
        var log = telemetry.Logs.CreateLogger("ClusterMesh.Proxy");
        using var stop = new CancellationTokenSource();
        try
        {
            var signal = Signals.FirstAsync();
            using var maps = await AgentMaps.OpenAsync(options.PinDirectory, log, time, signal);
            if (maps is null) return 0;
            return await RunAsync(maps, telemetry, log, signal, stop);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SocketException or BpfException)
        {
            Log.CannotStart(log, exception.Message);
            return 1;
        }
    }

    private async Task<int> RunAsync(ProxyMaps maps, TelemetryHost telemetry, ILogger log, Task signal, CancellationTokenSource stop)
    {
        // The agent's objects and policies to routes, the kernel's connections to callers.
        var place = new ListenerPlace(maps, options.Listen.MaxConnections, time, log);
        var authorizer = new PolicyAuthorizer(maps);
        using var policies = new PolicyClient(options.Agent.Socket, options.Cluster, time);
        using var reporter = new FlowReporter(options.Agent.Socket, time);
        var settings = new ProxySettings { Edge = NodeState.InMesh, AccessLog = options.AccessLog, Cluster = options.Cluster, Ejection = new() { ConnectFailureEjects = false } };
        await using var proxy = ProxyCore.Create(settings, telemetry.Logs, time, authorizer: authorizer, flows: new AgentFlows(reporter, time));
        var direct = new DirectRoutes(options.Cluster, address => ClusterOf(maps, proxy, address), time);
        var state = new NodeState(options, proxy, direct, place, telemetry, log, time);
        await using var feed = new AgentFeed(options.Cluster, options.Agent, Follower.Node, log, time);
        feed.Start(state.Apply);
        using var draining = new CancellationTokenSource();
        var listener = new TransparentListener();
        var gate = new ConnectionGate(new(maps, options.ClientSource), place, draining.Token, log);
        var mesh = new MeshServer(options, proxy, state);
        await using var server = mesh.Build(TransparentListener.Address, listener.Bind, gate.Use, telemetry.Logs);
        await using var pages = new AdminServers(options, new AdminPages(proxy, state).InvokeAsync, telemetry.Logs, log, time);
        await pages.StartAsync(stop.Token);
        var policiesKnown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Apply(NodePolicies told)
        {
            authorizer.Apply(told);
            policiesKnown.TrySetResult();
        }

        Task[] work = [.. feed.Run(state.Apply, exception => Log.NotApplied(log, exception), stop.Token), policies.RunAsync(Apply, exception => Log.NotApplied(log, exception), lost => AgentLog.Policies(log, lost), stop.Token), .. proxy.Run(stop.Token), reporter.RunAsync(lost => AgentLog.Flows(log, lost), stop.Token), place.WatchAsync(stop.Token)];

        // In the kernel's place only when everything a request needs is there.
        var end = Task.WhenAny(signal, place.Succeeded);
        await Task.WhenAny(Task.WhenAll(state.FirstSnapshot, policiesKnown.Task), end);
        if (!end.IsCompleted)
        {
            await server.StartAsync(stop.Token);
            await WarmUp.RunAsync(options.WarmUp, options.Listen, options.Cluster, telemetry.Logs, time, stop.Token);
        }

        // Whoever is told to go while it warms up takes nobody's place.
        if (!end.IsCompleted)
        {
            place.Enter(listener.Socket!);
            if (beside is not null) await beside(mesh, telemetry.Logs);
            state.Lifecycle.Ready();
            Log.Ready(log, options.Cluster, options.Node, state.Version);
        }

        await end;
        state.Lifecycle.Drain();
        await draining.CancelAsync();
        place.Leave();
        Log.Draining(log, place.Open, options.DrainTimeout);
        var begun = time.GetTimestamp();
        await DrainAsync(place, begun);
        var rest = options.DrainTimeout - time.GetElapsedTime(begun);
        using var enough = new CancellationTokenSource(rest > s_goodbye ? rest : s_goodbye, time);
        await server.StopAsync(enough.Token);
        await stop.CancelAsync();
        await Task.WhenAll(work).ContinueWith(static _ => { }, TaskScheduler.Default);
        return 0;
    }

    // Each connection is asked to close (HTTP/1.1 by its next response, HTTP/2 by GOAWAY); those that ask no more go with the server.
    private async Task DrainAsync(ListenerPlace place, long begun)
    {
        while (place.Open > 0 && time.GetElapsedTime(begun) < options.DrainTimeout) await Task.Delay(s_look, time);
    }

    private static string? ClusterOf(ProxyMaps maps, ProxyCore proxy, IPAddress address)
    {
        if (!maps.Ipcache.TryGet(new(new IPNetwork(address, 32)), out var peer)) return null;
        var id = NumericIdentity.ClusterOf(peer.Identity);
        return id == 0 ? null : proxy.State.Snapshot?.Mesh.Clusters.Values.FirstOrDefault(cluster => cluster.ClusterId == id)?.Name;
    }
}
