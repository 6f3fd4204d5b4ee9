using System.Net.Sockets;
using ClusterMesh.Agent.Admin;
using ClusterMesh.Agent.Explain;
using ClusterMesh.Agent.Network;
using ClusterMesh.Agent.Options;
using ClusterMesh.Bpf;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Mesh.Wire;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Hosting;

/// <summary>
/// One node's agent: manifests and other clusters in, one writer, snapshots out to this node's proxies; and what the own cluster
/// shares out to its etcd. Nothing here waits for etcd to be there.
/// </summary>
internal sealed class NodeAgent(AgentOptions options, TimeProvider time)
{
    /// <summary>Runs until SIGTERM or SIGINT. 0 = stopped in good order, 1 = could not start, or not go on.</summary>
    public async Task<int> RunAsync()
    {
        using var telemetry = new AgentTelemetry(options);
        var log = telemetry.Logs.CreateLogger("ClusterMesh.Agent");
        using var stop = new CancellationTokenSource();
        try
        {
            var parts = new AgentParts(options, time);
            var said = new ProblemLog(log);
            using var meter = new AgentMeter(options, parts);
            using var source = new DirectorySource(options.Cluster, options.Manifests, time);
            var writer = new MeshWriter(options.Cluster, snapshot => { parts.Apply(snapshot); said.Look(snapshot.Problems); });
            var local = source.Load();
            writer.Start(local);

            using var datapath = parts.OpenDatapath(local, telemetry.Logs);
            // What is told, what is learnt, and who is served.
            var own = options.Etcd is { } file ? EtcdConfigFile.Read(file) : null;
            await using var publisher = own is null ? null : parts.OpenPublisher(own, local, telemetry.Logs);
            await using var remotes = options.Remotes is null ? null : parts.OpenRemotes(own, writer, telemetry.Logs);
            using var flows = parts.OpenFlows(telemetry.Logs);
            await using var socket = options.Socket is null ? null : await SocketServer.StartAsync(options, parts.Hub, datapath?.Policies.Told, flows.Requests, telemetry.Logs, time, stop.Token);
            using var probes = parts.OpenProbes(telemetry.Logs);
            var view = new DatapathView(datapath, parts.Services);
            using var counted = datapath is null ? null : new DatapathMeter(datapath, view, () => parts.Sweeps?.Last);
            using var proxy = new ProxyAdmin(options.ProxyAdmin);
            var explain = new PodExplainPage(new PodSceneReader(options, parts).Read, proxy);
            var pages = new AgentEndpoints(new(options, parts), view, new(flows.History, stop.Token), explain, new(datapath), telemetry);
            await using var admin = AdminListener.Build(options.Admin, telemetry.Logs, pages.InvokeAsync);
            await admin.StartAsync(stop.Token);
            await using var api = options.Api is null ? null : await ApiServer.StartAsync(options.Api, telemetry.Logs, new AgentApi(datapath, view, pages).InvokeAsync, stop.Token);
            var signal = Signals.FirstAsync();
            var running = new RunningParts(log, stop.Token);
            running.AddVital("the writer of snapshots", writer.RunAsync(exception => Log.NotApplied(log, exception), stop.Token));
            running.AddVital("the data path's loop", datapath?.RunAsync(stop.Token));
            running.Add("the watch of manifests", source.WatchAsync(objects => { writer.Publish(objects); parts.Tell(objects); }, stop.Token));
            running.Add("publishing", publisher?.RunAsync(stop.Token));
            running.Add("the watch of problems", new ProblemWatch(parts, writer, time).RunAsync(stop.Token));
            running.Add("the gate", parts.OpenGateAsync(log, stop.Token));
            running.Add("the sweep of connections", parts.Sweeps?.RunAsync(stop.Token));
            running.Add("the watch of the proxy", datapath?.Proxy.RunAsync(stop.Token));
            running.Add("the mirror's duty", parts.Mirror?.RunAsync(stop.Token));

            var failed = await Task.WhenAny(signal, running.Failed) == running.Failed;
            if (!failed) Log.Stopping(log, (await signal).ToString(), options.LeaseTtl);
            parts.State = "stopping";
            await stop.CancelAsync();
            await running.EndedAsync();
            return failed ? 1 : 0;
        }
        catch (Exception exception) when (exception is SourceException or EtcdConfigException or IOException or SocketException or UnsupportedKernelException or BpfException or NetworkException)
        {
            Log.CannotStart(log, exception.Message);
            return 1;
        }
    }
}
