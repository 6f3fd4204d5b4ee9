using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Agent.Network;

namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>The node whose kernel is filled.</summary>
/// <param name="Addresses">Its own, on which node ports are answered.</param>
internal sealed record ThisNode(string Cluster, string Name, ImmutableArray<IPAddress> Addresses)
{
    /// <summary>Whether its kernel can give connections to a proxy.</summary>
    public bool CanProxy { get; init; }

    /// <summary>All that it had when the agent started, the underlay's first and the one inside of its pods' range last; none that ends at a link.</summary>
    public static ImmutableArray<IPAddress> AddressesOf(NodeNetwork network) =>
    [
        .. network.Underlay.NodeAddresses.Prepend(network.Underlay.Address).Append(network.Pods.Router)
            .Where(address => !IPAddress.IsLoopback(address) && address.GetAddressBytes() is not [169, 254, ..]).Distinct(),
    ];
}
