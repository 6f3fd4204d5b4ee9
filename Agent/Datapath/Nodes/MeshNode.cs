using System.Collections.Immutable;
using System.Net;

namespace ClusterMesh.Agent.Datapath.Nodes;

/// <summary>A node of the mesh, as far as packets go. IPv4 only.</summary>
/// <param name="Addresses">On the underlay; the first is where tunnels to it end. Empty: nothing can be sent to it.</param>
/// <param name="PodCidrs">Those that may be believed: another cluster's never overlap ours.</param>
/// <param name="Inner">Its addresses inside of pods' ranges.</param>
internal sealed record MeshNode(
    string Cluster, uint ClusterId, string Name, ImmutableArray<IPAddress> Addresses, ImmutableArray<IPNetwork> PodCidrs, ImmutableArray<IPAddress> Inner)
{
    /// <summary>"cluster/node".</summary>
    public string FullName => $"{Cluster}/{Name}";

    /// <summary>Where its gateway is asked from inside of the mesh.</summary>
    public ImmutableArray<IPAddress> Ingress { get; init; } = [];

    public IPAddress? Address => Addresses.IsEmpty ? null : Addresses[0];
}
