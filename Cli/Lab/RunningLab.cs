using System.Collections.Immutable;
using ClusterMesh.Cli.Lab.Control;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Lab.Manifests;
using ClusterMesh.Cli.Lab.Network;
using ClusterMesh.Cli.Lab.Nodes;
using ClusterMesh.Cli.Lab.Topology;
using ClusterMesh.Cli.Processes;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Cli.Lab;

/// <summary>
/// A lab that is up: whole clusters in network namespaces of this machine. Disposing it takes everything away; so does the end of this
/// process, whatever ends it.
/// </summary>
internal sealed class RunningLab : IAsyncDisposable
{
    private readonly LabOptions _options;
    private readonly LabPaths _paths;
    private readonly Watcher _watcher;
    private readonly Lock _stateLock = new();
    private readonly LinkFaults _faults;
    private bool _built;

    private RunningLab(LabTopology topology, LabOptions options, LabPaths paths, Watcher watcher, ImmutableArray<DesiredObjects> desired)
    {
        (Topology, _options, _paths, _watcher) = (topology, options, paths, watcher);
        Underlay = new(paths, topology);
        _faults = new(Underlay, options.Time);
        Clusters = [.. desired.Select(objects => new LabCluster(paths, topology, objects, options.Programs, WriteState, options.Time))];
        _built = true;
        WriteState();
    }

    public LabTopology Topology { get; }

    public IReadOnlyList<LabCluster> Clusters { get; }

    public Underlay Underlay { get; }

    /// <summary>A program outside of all clusters that answers as they do.</summary>
    public LabProcess? OutsideEcho { get; private set; }

    public LabState State => new(
        _options.Name, ProcessId.Of(Environment.ProcessId)!, _options.Supervised, Topology.Routing,
        [.. Clusters.SelectMany(cluster => cluster.Nodes.Select(node => node.State(cluster.Manifests)))],
        [.. Clusters.SelectMany(cluster => cluster.ControlPlane.Pods).Select(pod => pod.LabState)],
        [.. Clusters.SelectMany(cluster => cluster.Processes).Append(OutsideEcho).OfType<LabProcess>().Select(process => process.State)],
        [.. Clusters.SelectMany(cluster => cluster.ControlPlane.NotPlayed.Select(what => $"{cluster.Name}: {what}"))]);

    /// <summary>Returns when every pod answers and every agent knows every cluster.</summary>
    /// <exception cref="LabException">Something does not come up, or may not; nothing is left of it.</exception>
    /// <exception cref="LaunchException"/>
    /// <exception cref="Admin.AdminException">An agent refuses a pod.</exception>
    /// <exception cref="Bootstrap.BootstrapException"/>
    public static async Task<RunningLab> UpAsync(LabTopology topology, LabOptions options, CancellationToken cancel)
    {
        if (!Environment.IsPrivilegedProcess) throw new LabException("a lab needs root: it makes network namespaces and loads programs into the kernel");
        if (TopologyConflicts.In(topology) is { } conflict) throw new LabException($"topology: {conflict}");
        var paths = new LabPaths(options.Name);
        if (LabState.ReadIfThere(paths) is { Holder: { IsAlive: true } holder })
            throw new LabException($"lab {options.Name} is up already, held by process {holder.Pid}; `clustermesh lab down --name {options.Name}` ends it");
        // Before anything is made, whatever can be wrong in the manifests.
        var desired = topology.Clusters.Select(cluster => DesiredObjects.Of(cluster).With([.. cluster.Manifests.SelectMany(ManifestReader.Read)])).ToImmutableArray();
        var watcher = await Watcher.StartAsync(paths, cancel);
        RunningLab? lab = null;
        try
        {
            lab = new(topology, options, paths, watcher, desired);
            await new LabStart(lab, options).RunAsync(cancel);
            return lab;
        }
        catch
        {
            await (lab?.DisposeAsync() ?? watcher.DisposeAsync());
            throw;
        }
    }

    public LabCluster Cluster(string name) =>
        Clusters.FirstOrDefault(cluster => cluster.Name == name) ?? throw new LabException($"cluster {name} is not in this lab; there are {string.Join(", ", Clusters.Select(cluster => cluster.Name))}");

    public LabNode Node(string name) =>
        Clusters.SelectMany(cluster => cluster.Nodes).FirstOrDefault(node => node.Name == name) ?? throw new LabException($"node {name} is not in this lab");

    /// <param name="target">As in `lab exec`.</param>
    /// <exception cref="LabException"/>
    public NetworkNamespace Netns(string target) => new(ExecTarget.Resolve(State, target));

    /// <summary>Done when the pods of it are ready.</summary>
    /// <exception cref="LabException">Nothing has changed, or a pod does not become ready.</exception>
    public Task ApplyAsync(string cluster, string yaml, CancellationToken cancel = default) => Cluster(cluster).ControlPlane.ApplyAsync(ManifestReader.ReadText(yaml, "what was given"), cancel);

    /// <param name="key">NAMESPACE/NAME.</param>
    /// <param name="force">Without a word to anybody before.</param>
    /// <exception cref="LabException">There is no such object.</exception>
    public Task DeleteAsync(string cluster, string kind, string key, bool force = false, CancellationToken cancel = default) =>
        Cluster(cluster).ControlPlane.DeleteAsync(kind, key.Split('/') is [var space, var name] ? new(space, name) : new ObjectKey("default", key), force, cancel);

    /// <summary>Runs a program where the target is.</summary>
    /// <exception cref="LabException"/>
    public Task<Outcome> ExecAsync(string target, CancellationToken cancel, params string[] command)
    {
        var launch = Netns(target).Around(new(command[0], command[1..]));
        return Tool.RunAsync(launch.File, launch.First, cancel: cancel);
    }

    /// <inheritdoc cref="LabHttp.GetAsync"/>
    public Task<LabAnswer> HttpAsync(string from, string url, TimeSpan? timeout = null) => LabHttp.GetAsync(Netns(from), url, timeout ?? TimeSpan.FromSeconds(2));

    /// <inheritdoc cref="LabUdp.AskAsync"/>
    public Task<string?> UdpAsync(string from, string address, int port, byte[] datagram, TimeSpan? timeout = null) => LabUdp.AskAsync(Netns(from), address, port, datagram, timeout ?? TimeSpan.FromSeconds(2));

    /// <summary>A cluster's link to the others, or a node's port, is down from now on.</summary>
    /// <exception cref="LabException">There is no such link.</exception>
    public Task CutAsync(string target) => _faults.CutAsync(target);

    /// <summary>The link is as it was made: up, without delay and loss.</summary>
    /// <exception cref="LabException"/>
    public Task HealAsync(string target) => _faults.HealAsync(target);

    /// <summary>Both hold for what goes to the target.</summary>
    /// <exception cref="LabException"/>
    public Task HarmAsync(string target, LinkFault fault) => _faults.ChangeAsync(target, _ => fault);

    /// <exception cref="LabException"/>
    public Task DelayAsync(string target, TimeSpan delay) => _faults.ChangeAsync(target, fault => fault with { Delay = delay });

    /// <param name="loss">0..1</param>
    /// <exception cref="LabException"/>
    public Task LoseAsync(string target, double loss) => _faults.ChangeAsync(target, fault => fault with { Loss = loss });

    /// <summary>SIGKILL to a node's agent.</summary>
    public void KillAgent(string node)
    {
        Node(node).KillAgent();
        WriteState();
    }

    /// <summary>Returns when it answers and says that it is ready.</summary>
    /// <exception cref="LabException"/>
    public async Task StartAgentAsync(string node, CancellationToken cancel = default)
    {
        Node(node).StartAgent();
        WriteState();
        await LabStart.UntilAgentIsReadyAsync(Node(node), [], _options.Time, cancel);
    }

    /// <summary>SIGKILL to a node's proxy.</summary>
    public void KillProxy(string node)
    {
        Node(node).KillProxy();
        WriteState();
    }

    /// <summary>Returns when it takes the connections; one that runs has noticed, or is about to.</summary>
    /// <param name="settings">Beside the usual ones, such as "--client-source on".</param>
    /// <exception cref="LabException"/>
    public async Task StartProxyAsync(string node, CancellationToken cancel = default, params string[] settings)
    {
        var since = _options.Time.GetUtcNow();
        Node(node).StartProxy(settings);
        WriteState();
        await LabStart.UntilProxyIsReadyAsync(Node(node), since, _options.Time, cancel);
    }

    public void StartOutside()
    {
        OutsideEcho = LabProcess.Start("the echo outside", _paths.Log(Underlay.OutsideName), Underlay.Outside.Around(_options.Programs.Self), tethered: false,
            "echo", "--listen", "0.0.0.0:80", "--udp", "0.0.0.0:80", "--service", Underlay.OutsideName, "--version", "v1", "--cluster", "none", "--pod", Underlay.OutsideName, "--until-input-ends");
    }

    /// <summary>All of it is gone when this returns.</summary>
    public async ValueTask DisposeAsync()
    {
        _built = false;
        try
        {
            await _faults.DisposeAsync();
            foreach (var cluster in Clusters) cluster.Dispose();
            OutsideEcho?.Dispose();
        }
        finally
        {
            await _watcher.DisposeAsync();
        }
    }

    private void WriteState()
    {
        if (!_built) return;
        lock (_stateLock) State.Write(_paths);
    }
}
