using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Agent.Datapath.Masquerade;
using ClusterMesh.Agent.Datapath.Nodes;
using ClusterMesh.Agent.Datapath.Policy;
using ClusterMesh.Agent.Datapath.Proxy;
using ClusterMesh.Agent.Datapath.Routes;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Agent.Network;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Status;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Datapath;

/// <summary>
/// This node's part in moving packets: its links, the programs, and the loop that keeps the kernel's maps and routes as the snapshot
/// says. Nothing of it ends with the agent.
/// </summary>
internal sealed partial class NodeDatapath : IDisposable
{
    private readonly NodeKernel _kernel;
    private readonly Func<NodeInputs?> _inputs;
    private readonly ILogger _log;
    private readonly ReconcileLoop _loop;
    private readonly Reconciling _reconciling;

    public NodeDatapath(MeshNode self, NodeKernel kernel, bool masquerade, Func<NodeDatapath, NodeInputs?> inputs, TimeProvider time, ILogger log)
    {
        (Self, _kernel, _inputs, _log) = (self, kernel, () => inputs(this), log);
        _loop = new(Pass, time, new ThreadChance());
        Policies = new(self.Cluster, self.Name, Network, Kernel);
        _reconciling = new(log, new NodesReconciler(Kernel.Nodes), new RouteReconciler(Network, time), Policies, new MasqueradeReconciler(Network, masquerade));
        if (Kernel.CanProxy) _reconciling.Add(new ProxyRoutes(time));
        Proxy = new(Kernel.CanProxy, () => Kernel.HasProxy, time, log);
    }

    public NodeNetwork Network => _kernel.Network;

    /// <summary>This node, as it is.</summary>
    public MeshNode Self { get; }

    /// <summary>The maps. Whoever writes one is a reconciler; everybody may read.</summary>
    public Bpf.Datapath Kernel => _kernel.Datapath;

    /// <summary>Who the endpoints are, and what they may.</summary>
    public PolicyReconciler Policies { get; }

    /// <summary>The node's proxy, as the programs see it.</summary>
    public ProxyWatch Proxy { get; }

    public ImmutableDictionary<ObjectKey, PodEndpoint> Endpoints => _kernel.Endpoints.All;

    /// <summary>What is wrong with what the last pass went by.</summary>
    public ImmutableArray<Problem> Problems => LastInputs is { } inputs
        ? [.. inputs.Nodes.Refused, .. Policies.Problems]
        : [];

    /// <summary>What the last pass went by; null before the first.</summary>
    public NodeInputs? LastInputs { get; private set; }

    /// <summary>After an endpoint came or went.</summary>
    public event Action? EndpointsChanged;

    /// <inheritdoc cref="Reconciling.Add"/>
    public void Add(IReconciler reconciler) => _reconciling.Add(reconciler);

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
            var endpoint = _kernel.Endpoints.Add(request, pod, reserved);
            EndpointsChanged?.Invoke();
            return endpoint;
        },
        endpoint =>
        {
            if (Policies.IsWritten(endpoint)) return endpoint;
            _kernel.Endpoints.Remove(endpoint.Pod);
            EndpointsChanged?.Invoke();
            throw new EndpointException(500, $"endpoint of {endpoint.Pod}: {_reconciling.TroubleOf(Policies.Name) ?? "the kernel has no room for it"}; it is undone");
        });

    /// <exception cref="EndpointException">There is none.</exception>
    public Task<PodEndpoint> RemoveEndpointAsync(ObjectKey pod) => _loop.DoAsync(
        () =>
        {
            var endpoint = _kernel.Endpoints.Remove(pod);
            EndpointsChanged?.Invoke();
            return endpoint;
        },
        endpoint => endpoint);

    /// <summary>What is attached and pinned stays.</summary>
    public void Dispose()
    {
        _loop.Dispose();
        _kernel.Dispose();
    }

    private bool Pass()
    {
        try
        {
            if (_inputs() is not { } inputs) return true;
            // Who is gone leaves first, by what was known so far: each moment costs connections. What is new follows in its order.
            if (LastInputs is { } last && !ReferenceEquals(last.Reachability, inputs.Reachability)) _reconciling.PassLast(last with { Reachability = inputs.Reachability });
            LastInputs = inputs;
            if (!_reconciling.Pass(inputs)) return false;
            if (inputs.Synced && inputs.Heard.Own) _kernel.Attach();
            return true;
        }
        catch (Exception exception)
        {
            LogDefect(_log, exception);
            return false;
        }
    }

    [LoggerMessage(213, LogLevel.Error, "data path: met a defect; it is tried again")]
    private static partial void LogDefect(ILogger log, Exception exception);
}
