using ClusterMesh.Agent.Datapath.Proxy;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Agent.Network;
using ClusterMesh.Bpf;
using ClusterMesh.Bpf.Attaching;
using ClusterMesh.Bpf.Pinning;

namespace ClusterMesh.Agent.Datapath;

/// <summary>What this agent holds of the kernel: the node's links, the programs and maps, and the right to be the only one.</summary>
internal sealed class NodeKernel(PinLock pins, NodeNetwork network, Bpf.Datapath datapath, EndpointTable endpoints) : IDisposable
{
    private bool _attached;

    public NodeNetwork Network => network;

    public Bpf.Datapath Datapath => datapath;

    public EndpointTable Endpoints => endpoints;

    /// <summary>Swaps all programs for this agent's, once.</summary>
    /// <exception cref="BpfException">Some are swapped; it may be asked for again.</exception>
    public void Attach()
    {
        if (_attached) return;
        if (datapath.CanProxy) ProxyRoutes.Ensure();
        datapath.AttachLookup();
        endpoints.Attach();
        datapath.Attach(Hook.FromOverlay, network.OverlayIfindex);
        datapath.Attach(Hook.ToOverlay, network.OverlayIfindex);
        datapath.Attach(Hook.FromNetwork, network.Underlay.Ifindex);
        datapath.Attach(Hook.ToNetwork, network.Underlay.Ifindex);
        datapath.Prune();
        _attached = true;
    }

    /// <summary>What is attached and pinned stays.</summary>
    public void Dispose()
    {
        datapath.Dispose();
        pins.Dispose();
    }
}
