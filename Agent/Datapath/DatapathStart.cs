using System.Net;
using ClusterMesh.Agent.Datapath.Nodes;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Agent.Network;
using ClusterMesh.Agent.Options;
using ClusterMesh.Bpf;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Pinning;
using ClusterMesh.Mesh.Sources;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Datapath;

/// <summary>Starts a node's data path: takes the pins, makes links, loads, and swaps the programs of what is there; the maps are as the agent before left them.</summary>
internal sealed partial class DatapathStart(AgentOptions agent, DatapathOptions options, ILoggerFactory logs, TimeProvider time)
{
    private readonly ILogger _log = logs.CreateLogger("ClusterMesh.Datapath");

    /// <param name="nodeIps">Where others reach this node.</param>
    /// <param name="local">For the node's pod range.</param>
    /// <exception cref="UnsupportedKernelException">What is missing.</exception>
    /// <exception cref="IOException">Another agent has this node's pins, or the state cannot be read.</exception>
    /// <exception cref="BpfException">A program is refused; what was attached stays.</exception>
    /// <exception cref="NetworkException">Links cannot be made, or the node's addresses are not known.</exception>
    public NodeDatapath Run(IReadOnlyList<IPAddress> nodeIps, ClusterObjects local, Func<NodeDatapath, NodeInputs?> inputs)
    {
        Bpf.Datapath.Require();
        var kernel = Open(nodeIps, local);
        try
        {
            kernel.Endpoints.Restore();
            var network = kernel.Network;
            LogStarted(network.Underlay.Device, network.Underlay.Address, network.Pods.Cidr, options.Routing.ToString().ToLowerInvariant(), network.PodMtu);
            // Of another layout the maps are empty: the programs of the agent before go on with theirs until these are filled.
            if (!kernel.Endpoints.IsUnknownToKernel) kernel.Attach();
            return new(Myself(network), kernel, options.Masquerade, inputs, time, _log);
        }
        catch
        {
            kernel.Dispose();
            throw;
        }
    }

    private NodeKernel Open(IReadOnlyList<IPAddress> nodeIps, ClusterObjects local)
    {
        // Before anything is changed that another agent may have made.
        var pins = PinLock.Take(options.PinDirectory);
        try
        {
            var network = NodeNetwork.Prepare(options, nodeIps, PodRange.Of(agent, options, local));
            var datapath = Bpf.Datapath.Load(new()
            {
                PinDirectory = options.PinDirectory,
                ProxyGroup = agent.ProxyGroup,
                Settings = new() { OverlayIfindex = (uint)network.OverlayIfindex, Tunnel = options.Routing switch { RoutingMode.Direct => Tunnelled.None, RoutingMode.Hybrid => Tunnelled.Some, _ => Tunnelled.All } },
            }, _log);
            return new(pins, network, datapath, new(datapath, new(options.StateDirectory), network.Pods, network.PodMtu, _log));
        }
        catch
        {
            pins.Dispose();
            throw;
        }
    }

    private MeshNode Myself(NodeNetwork network) => new(
        agent.Cluster, (uint)agent.ClusterId, agent.Node, [network.Underlay.Address], [network.Pods.Cidr], [network.Pods.Router]);

    [LoggerMessage(210, LogLevel.Information, "data path: underlay {Device} {Address}, pods {Cidr}, routing {Routing}, pods' MTU {Mtu}")]
    private partial void LogStarted(string device, IPAddress address, IPNetwork cidr, string routing, int mtu);
}
