using System.Net;
using ClusterMesh.Agent.Conntrack;
using ClusterMesh.Agent.Datapath;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Agent.Flows;
using ClusterMesh.Agent.LoadBalancing;
using ClusterMesh.Agent.Options;
using ClusterMesh.Agent.Probes;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Publish;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Mesh.Wire;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Hosting;

/// <summary>The agent's parts and how they hang together.</summary>
internal sealed class AgentParts
{
    private readonly AgentOptions _options;
    private readonly TimeProvider _time;
    private volatile MeshSnapshot? _latest;
    private readonly Lock _telling = new();
    private ClusterObjects? _told;

    public AgentParts(AgentOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        ToProxies = new(options.Cluster, options.Node, Hub, () => (Reachability, Remotes?.Current ?? []));
        Gate = new(ToProxies.Apply);
        StartedAt = time.GetUtcNow();
    }

    public DateTimeOffset StartedAt { get; }

    /// <summary>starting, syncing, ready or stopping.</summary>
    public string State { get; set; } = "starting";

    public SnapshotHub Hub { get; } = new();

    public ReachableSnapshots ToProxies { get; }

    public SyncGate Gate { get; }

    /// <summary>Null = nothing is told to others.</summary>
    public ClusterPublisher? Publisher { get; private set; }

    /// <summary>Null = there are no others.</summary>
    public RemoteClusters? Remotes { get; private set; }

    /// <summary>Null = every remote is read directly, whoever leads.</summary>
    public MirrorDuty? Mirror { get; private set; }

    /// <summary>Null = this agent moves no packets.</summary>
    public NodeDatapath? Datapath { get; private set; }

    /// <summary>Null = this agent moves no packets.</summary>
    public ServiceReconciler? Services { get; private set; }

    /// <summary>Null = no other node is probed.</summary>
    public NodeProbes? Probes { get; private set; }

    /// <summary>Null = this agent moves no packets.</summary>
    public ConnectionSweeps? Sweeps { get; private set; }

    /// <summary>Which nodes answer; of nobody probed, all do.</summary>
    public NodeReachability Reachability => Probes?.Current ?? NodeReachability.Unknown;

    /// <summary>What the writer made last, whether it has passed the gate or not.</summary>
    public MeshSnapshot? Latest => _latest;

    public void Apply(MeshSnapshot snapshot)
    {
        _latest = snapshot;
        Gate.Apply(snapshot);
        PropagationMeter.Applied(snapshot, _time);
        Datapath?.Wake();
    }

    /// <summary>The own cluster's objects, for whom this agent tells of them: what runs here has the address that it has, written or not.</summary>
    /// <param name="local">Null = the same as before, with other endpoints.</param>
    public void Tell(ClusterObjects? local = null)
    {
        // One after the other, so that none is overtaken by an older one.
        lock (_telling)
        {
            _told = local ?? _told;
            if (_told is { } told) Publisher?.Publish(EndpointPods.In(told, _options.Node, Datapath?.Endpoints));
        }
    }

    /// <summary>Before anything is told: a node that cannot move packets must not ask for any.</summary>
    public NodeDatapath? OpenDatapath(ClusterObjects local, ILoggerFactory logs)
    {
        if (_options.Datapath is not { } options) return null;
        IPAddress[] nodeIps = [.. NodeAddresses.Of(_options, local).Select(text => IPAddress.TryParse(text, out var address) ? address : null).OfType<IPAddress>()];
        Datapath = new DatapathStart(_options, options, logs, _time).Run(nodeIps, local, new InputsReader(this).Read);
        Datapath.EndpointsChanged += () => Tell();
        Services = new(Datapath.Kernel.Services, new(_options.Cluster, _options.Node, ThisNode.AddressesOf(Datapath.Network)) { CanProxy = Datapath.Kernel.CanProxy }, _time, new ThreadChance());
        Datapath.Add(new ServiceStep(Services));
        return Datapath;
    }

    /// <summary>Where nobody else uses what they find, there are none.</summary>
    public NodeProbes? OpenProbes(ILoggerFactory logs)
    {
        if (Datapath is not { } datapath || _options.Datapath is not { ProbePort: > 0 } options) return null;
        var config = new ProbeConfig(_options.Cluster, _options.Node, new(datapath.Network.Underlay.Address, options.ProbePort)) 
        {
            Rules = new() { Interval = options.ProbeInterval },
            GoneNodesFile = Path.Combine(options.StateDirectory, "gone-nodes"),
        };
        Probes = new(config, () => KnownNodes.Of(Latest, Remotes?.Current ?? [], _options.Node), _time, new ThreadChance(), logs.CreateLogger("ClusterMesh.Probes"));
        Probes.Changed += datapath.WakeAtOnce;
        Probes.Changed += ToProxies.Look;
        Probes.Start();
        return Probes;
    }

    public NodeFlows OpenFlows(ILoggerFactory logs)
    {
        var kernel = Datapath?.Kernel;
        // Each has one reader of the world.
        CurrentNames Names() => new(new FlowWorldReader(_options, this).Read, _time);
        return new(
            $"{_options.Cluster}/{_options.Node}", kernel is null ? null : OpenEvents(kernel, logs), Names,
            address => kernel is null ? NumericIdentity.Unknown : KernelEvents.IdentityOf(kernel, address), _time, logs.CreateLogger("ClusterMesh.Flows"));
    }

    public ClusterPublisher OpenPublisher(EtcdConfig own, ClusterObjects local, ILoggerFactory logs)
    {
        var config = new PublishConfig(_options.Cluster, _options.ClusterId, _options.Node, NodeAddresses.Of(_options, local))
        {
            DefaultGlobalNamespace = _options.DefaultGlobalNamespace,
            LeaseTtl = _options.LeaseTtl,
            ElectionTtl = _options.ElectionTtl,
            HeartbeatPeriod = _options.Heartbeat,
            WritesPerSecond = _options.Qps,
            PodCidrs = _options.Datapath?.PodCidr is { } cidr ? [cidr.ToString()] : [],
            IngressIp = Datapath is { } moving ? $"{moving.Network.Pods.Ingress}" : "",
            IdentifiesAllPods = _options.Datapath is not null,
        };
        Publisher = new(config, () => EtcdClient.Open(own, _time), _time, logs.CreateLogger<ClusterPublisher>());
        if (Datapath is { } datapath) Publisher.IdentitiesChanged += datapath.Wake;
        Tell(local);
        return Publisher;
    }

    public RemoteClusters OpenRemotes(EtcdConfig? own, MeshWriter writer, ILoggerFactory logs)
    {
        var config = new RemoteClustersConfig(_options.Cluster, _options.ClusterId, _options.Remotes!)
        {
            Node = _options.Node,
            Cache = _options.RemoteCache ? own : null,
            RemoteTtl = _options.RemoteTtl,
            HeartbeatTimeout = _options.Heartbeat * 2,
            MirrorTtl = _options.LeaseTtl,
        };
        // A lost remote is to be seen soon; connecting again costs a list, of which unchanged values cost next to nothing.
        Remotes = new(config, etcd => EtcdClient.Open(etcd with { GiveUp = TimeSpan.FromSeconds(5) }, _time), writer.Publish, writer.Remove, _time, new ThreadChance(), logs.CreateLogger<RemoteClusters>());
        if (Publisher is { } publisher && _options.RemoteCache) Mirror = new(publisher, Remotes, _options.Node, _time);
        Remotes.Start();
        return Remotes;
    }

    /// <summary>Lets snapshots pass once every other cluster was heard, or the time for it is over.</summary>
    public async Task OpenGateAsync(ILogger log, CancellationToken stop)
    {
        var begun = _time.GetTimestamp();
        State = "syncing";
        await (Remotes?.Listed ?? Task.CompletedTask).WaitAsync(stop);
        Gate.Expect(Remotes?.Current.Select(remote => remote.Cluster) ?? []);
        if (await Task.WhenAny(Gate.Opened, Task.Delay(_options.SyncTimeout, _time, stop)) != Gate.Opened)
        {
            stop.ThrowIfCancellationRequested();
            Log.SyncTimeout(log, _options.SyncTimeout, string.Join(", ", Gate.Open()));
        }

        State = "ready";
        Datapath?.Wake();
        Log.Ready(log, _options.Cluster, _options.ClusterId, _options.Node, _time.GetElapsedTime(begun).TotalSeconds, Latest?.Clusters.Count ?? 0, Latest?.Services.Count ?? 0);
    }

    private FlowSource OpenEvents(Bpf.Datapath kernel, ILoggerFactory logs)
    {
        var ends = new SweptEnds(address => KernelEvents.IdentityOf(kernel, address), _time);
        Sweeps = new(kernel.SweepConnections, ends.Add, _time, logs.CreateLogger("ClusterMesh.Connections"));
        return KernelEvents.Open(kernel, ends);
    }
}
