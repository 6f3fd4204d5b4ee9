using System.Net;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Agent.Endpoints;

/// <summary>A pod's port into the mesh: its interface, and what was given to it. Immutable; what is known of its pod is looked up.</summary>
/// <param name="Id">1..65535.</param>
/// <param name="Netns">Path of its network namespace.</param>
/// <param name="Interface">Inside.</param>
/// <param name="Ifindex">Of the node's end.</param>
internal sealed record PodEndpoint(ushort Id, ObjectKey Pod, string Netns, IPAddress Address, string Interface, int Ifindex, int Mtu)
{
    /// <summary>Of the node's end, and both Ethernet addresses; made of pod and namespace, so that a start finds again what is there.</summary>
    public EndpointNames Names { get; } = EndpointNames.Of(Pod, Netns);

    /// <summary>The key of the kernel's maps.</summary>
    public Address Key => new(Address);
}
