using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using ClusterMesh.Agent.Datapath.Masquerade;
using ClusterMesh.Agent.Datapath.Nodes;
using ClusterMesh.Agent.Datapath.Policy;
using ClusterMesh.Agent.Datapath.Routes;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Agent.Network;
using ClusterMesh.Agent.Options;
using ClusterMesh.Bpf;
using ClusterMesh.Bpf.Attaching;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Publish.Sync;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Mesh.Status;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Datapath;

/// <summary>
/// This node's part in moving packets: its links, the programs, and the loop that keeps the kernel's maps and routes as the snapshot
/// says. Nothing of it ends with the agent.
/// </summary>
internal sealed partial class NodeDatapath : IDisposable
{
    private readonly Func<NodeInputs?> _inputs;
    private readonly ILogger _log;
    private readonly ReconcileLoop _loop;
    private readonly Troubles _troubles = new();
    private bool _attached;

    private NodeDatapath(
        MeshNode self, DatapathOptions options, NodeNetwork network, Bpf.Datapath kernel, EndpointTable endpoints, Func<NodeDatapath, NodeInputs?> inputs, TimeProvider time, ILogger log)
    {
        (Self, Network, Kernel, EndpointTable, _inputs, _log) = (self, network, kernel, endpoints, () => inputs(this), log);
        _loop = new(Pass, time, new ThreadChance());
        Policies = new(self.Cluster, self.Name, network, kernel);
        Reconcilers = [new NodesReconciler(kernel.Nodes), new RouteReconciler(network, time), Policies, new MasqueradeReconciler(network, options.Masquerade)];
    }

    public NodeNetwork Network { get; }

    /// <summary>This node, as it is.</summary>
    public MeshNode Self { get; }

    /// <summary>The maps. Whoever writes one is a reconciler; everybody may read.</summary>
    public Bpf.Datapath Kernel { get; }

    /// <summary>In the order in which they are done.</summary>
    public ImmutableArray<IReconciler> Reconcilers { get; private set; } = [];

    /// <summary>Who the endpoints are, and what they may.</summary>
    public PolicyReconciler Policies { get; }

    public ImmutableDictionary<ObjectKey, PodEndpoint> Endpoints => EndpointTable.All;

    /// <summary>What is wrong with what the last pass went by.</summary>
    public ImmutableArray<Problem> Problems => LastInputs is { } inputs ? [.. inputs.Nodes.Refused, .. Policies.Problems] : [];

    /// <summary>What the last pass went by; null before the first.</summary>
    public NodeInputs? LastInputs { get; private set; }

    private EndpointTable EndpointTable { get; }

    /// <summary>After an endpoint came or went.</summary>
    public event Action? EndpointsChanged;

    /// <summary>Makes links, loads, and swaps the programs of what is there; the maps are as the agent before left them.</summary>
    /// <param name="local">For the node's pod range.</param>
    /// <exception cref="UnsupportedKernelException">What is missing.</exception>
    /// <exception cref="BpfException">A program is refused; what was attached stays.</exception>
    /// <exception cref="NetworkException">Links cannot be made, or the node's addresses are not known.</exception>
    public static NodeDatapath Start(
        AgentOptions agent, DatapathOptions options, IReadOnlyList<IPAddress> nodeIps, ClusterObjects local, Func<NodeDatapath, NodeInputs?> inputs, ILoggerFactory logs, TimeProvider time)
    {
        Bpf.Datapath.Require();
        var log = logs.CreateLogger("ClusterMesh.Datapath");
        var network = NodeNetwork.Prepare(options, nodeIps, PodCidr(agent, options, local));
        var kernel = Bpf.Datapath.Load(new()
        {
            PinDirectory = options.PinDirectory,
            Settings = new() { OverlayIfindex = (uint)network.OverlayIfindex, Tunnel = options.Routing switch { RoutingMode.Direct => Tunnelled.None, RoutingMode.Hybrid => Tunnelled.Some, _ => Tunnelled.All } },
        }, log);
        try
        {
            var endpoints = new EndpointTable(kernel, new(options.StateDirectory), network.Pods, network.PodMtu, log);
            endpoints.Restore();
            LogStarted(log, network.Underlay.Device, network.Underlay.Address, network.Pods.Cidr, options.Routing.ToString().ToLowerInvariant(), network.PodMtu);
            var datapath = new NodeDatapath(Myself(agent, network), options, network, kernel, endpoints, inputs, time, log);
            // Of another layout the maps are empty: the programs of the agent before go on with theirs until these are filled.
            if (!endpoints.IsUnknownToKernel) datapath.Attach();
            return datapath;
        }
        catch
        {
            kernel.Dispose();
            throw;
        }
    }

    /// <summary>Before the first pass.</summary>
    public void Add(IReconciler reconciler) => Reconcilers = Reconcilers.Add(reconciler);

    /// <summary>Something that decides may have changed. Never blocks; any thread.</summary>
    public void Wake() => _loop.Wake();

    /// <inheritdoc cref="ReconcileLoop.WakeAtOnce"/>
    public void WakeAtOnce() => _loop.WakeAtOnce();

    public Task RunAsync(CancellationToken stop)
    {
        Wake();
        return _loop.RunAsync(stop);
    }

    /// <exception cref="EndpointException">Nothing has changed.</exception>
    public Task<PodEndpoint> AddEndpointAsync(EndpointRequest request) => _loop.DoAsync(
        () =>
        {
            var pods = _inputs()?.Local.Pods ?? [];
            var pod = pods.FirstOrDefault(pod => pod.Key.Namespace == request.Namespace && pod.Key.Name == request.Pod);
            var reserved = pods.Where(other => other != pod).SelectMany(other => other.Ips).Select(EndpointCheck.Address).OfType<IPAddress>().ToHashSet();
            var endpoint = EndpointTable.Add(request, pod, reserved);
            EndpointsChanged?.Invoke();
            return endpoint;
        },
        endpoint =>
        {
            if (Policies.IsWritten(endpoint)) return endpoint;
            EndpointTable.Remove(endpoint.Pod);
            EndpointsChanged?.Invoke();
            throw new EndpointException(500, $"endpoint of {endpoint.Pod}: {_troubles.Current.GetValueOrDefault(Policies.Name) ?? "the kernel has no room for it"}; it is undone");
        });

    /// <exception cref="EndpointException">There is none.</exception>
    public Task<PodEndpoint> RemoveEndpointAsync(ObjectKey pod) => _loop.DoAsync(
        () =>
        {
            var endpoint = EndpointTable.Remove(pod);
            EndpointsChanged?.Invoke();
            return endpoint;
        },
        endpoint => endpoint);

    /// <summary>What is attached and pinned stays.</summary>
    public void Dispose()
    {
        _loop.Dispose();
        Kernel.Dispose();
    }

    private static MeshNode Myself(AgentOptions agent, NodeNetwork network) => new(
        agent.Cluster, (uint)agent.ClusterId, agent.Node, [network.Underlay.Address], [network.Pods.Cidr], [network.Pods.Router]);

    private static IPNetwork PodCidr(AgentOptions agent, DatapathOptions options, ClusterObjects local)
    {
        if (options.PodCidr is { } asked) return asked;
        var texts = local.Nodes.FirstOrDefault(node => node.Key.Name == agent.Node)?.PodCidrs ?? [];
        foreach (var text in texts)
        {
            if (IPNetwork.TryParse(text, out var cidr) && cidr.BaseAddress.AddressFamily == AddressFamily.InterNetwork && cidr.PrefixLength is >= 8 and <= 29) return cidr;
        }

        throw new NetworkException($"the pod range of this node is not known: --pod-cidr is not set, and Node {agent.Node} of the manifests has no IPv4 spec.podCIDR of /8 to /29");
    }

    /// <summary>Swaps all programs for this agent's.</summary>
    private void Attach()
    {
        EndpointTable.Attach();
        Kernel.Attach(Hook.FromOverlay, Network.OverlayIfindex);
        Kernel.Attach(Hook.ToOverlay, Network.OverlayIfindex);
        Kernel.Attach(Hook.FromNetwork, Network.Underlay.Ifindex);
        Kernel.Attach(Hook.ToNetwork, Network.Underlay.Ifindex);
        Kernel.Prune();
        _attached = true;
    }

    private bool Pass()
    {
        try
        {
            if (_inputs() is not { } inputs) return true;
            LastInputs = inputs;
            if (!Reconcile(inputs)) return false;
            if (!_attached && inputs.Synced && inputs.Heard.Own) Attach();
            return true;
        }
        catch (Exception exception)
        {
            LogDefect(_log, exception);
            return false;
        }
    }

    private bool Reconcile(NodeInputs inputs)
    {
        var good = true;
        foreach (var reconciler in Reconcilers)
        {
            try
            {
                reconciler.Reconcile(inputs);
                if (_troubles.Clear(reconciler.Name)) LogWorks(_log, reconciler.Name);
            }
            catch (Exception exception)
            {
                good = false;
                if (_troubles.Report(reconciler.Name, exception.Message)) LogFails(_log, reconciler.Name, exception.Message, exception is BpfException or NetworkException ? null : exception);
            }
        }

        return good;
    }

    [LoggerMessage(210, LogLevel.Information, "data path: underlay {Device} {Address}, pods {Cidr}, routing {Routing}, pods' MTU {Mtu}")]
    private static partial void LogStarted(ILogger log, string device, IPAddress address, IPNetwork cidr, string routing, int mtu);

    [LoggerMessage(211, LogLevel.Error, "data path: {Part} cannot be written, and is tried again; what was there stays: {Reason}")]
    private static partial void LogFails(ILogger log, string part, string reason, Exception? exception);

    [LoggerMessage(213, LogLevel.Error, "data path: met a defect; it is tried again")]
    private static partial void LogDefect(ILogger log, Exception exception);

    [LoggerMessage(212, LogLevel.Information, "data path: {Part} written again")]
    private static partial void LogWorks(ILogger log, string part);
}
