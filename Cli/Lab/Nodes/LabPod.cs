using System.Net;
using ClusterMesh.Cli.Lab.Control;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Cli.Lab.Nodes;

/// <summary>A pod that was placed: its address and namespace, and how far it is.</summary>
internal sealed class LabPod(string cluster, PodSpec spec, LabNode node, IPAddress address, NetworkNamespace netns)
{
    private volatile PodSpec _spec = spec;

    /// <summary>Its labels and annotations may change while it runs.</summary>
    public PodSpec Spec { get => _spec; set => _spec = value; }

    public LabNode Node { get; } = node;

    public IPAddress Address { get; } = address;

    public NetworkNamespace Netns { get; } = netns;

    public IReadOnlyList<LabProcess> Programs { get; set; } = [];

    /// <summary>starting, ready, terminating, or why it is not ready.</summary>
    public string State { get; set; } = "starting";

    public bool Terminating { get; set; }

    public bool Ready => State is "ready" or "terminating";

    public PodView View => new(Spec, Node.Name, $"{Address}", Ready, Terminating);

    public LabPodState LabState => new(cluster, Spec.Key.Namespace, Spec.Key.Name, Node.Name, $"{Address}", Netns.Name, State);
}
