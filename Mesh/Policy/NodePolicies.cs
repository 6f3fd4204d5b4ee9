using System.Net;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Policy.Entries;

namespace ClusterMesh.Mesh.Policy;

/// <summary>All policies that are in one node's kernel, as its agent and its proxy decide by them. Immutable.</summary>
public sealed class NodePolicies
{
    private readonly Dictionary<uint, NodeEndpoint> _byId;
    private readonly Dictionary<IPAddress, NodeEndpoint> _byAddress;
    private readonly Dictionary<ObjectKey, NodeEndpoint> _byPod;

    /// <param name="gateway">Null = not known.</param>
    public NodePolicies(IEnumerable<NodeEndpoint> endpoints, EndpointPolicy? gateway)
    {
        _byId = endpoints.ToDictionary(endpoint => endpoint.Id);
        (_byAddress, _byPod) = (new(_byId.Count), new(_byId.Count));
        foreach (var endpoint in _byId.Values) (_byAddress[endpoint.Address], _byPod[endpoint.Pod]) = (endpoint, endpoint);
        Gateway = gateway;
    }

    public static NodePolicies None { get; } = new([], null);

    public IReadOnlyCollection<NodeEndpoint> Endpoints => _byId.Values;

    /// <summary>
    /// Of the identity "ingress" (8), by which the gateway asks: who may come in, where its requests may go. Null = not told, which is
    /// not the same as "everything is allowed".
    /// </summary>
    public EndpointPolicy? Gateway { get; }

    public NodeEndpoint? Find(uint endpoint) => _byId.GetValueOrDefault(endpoint);

    public NodeEndpoint? FindByAddress(IPAddress address) => _byAddress.GetValueOrDefault(address);

    public NodeEndpoint? FindByPod(ObjectKey pod) => _byPod.GetValueOrDefault(pod);

    /// <summary>Whether the other says the same.</summary>
    public bool Same(NodePolicies other) =>
        ReferenceEquals(Gateway, other.Gateway) && _byId.Count == other._byId.Count && _byId.All(pair => other._byId.TryGetValue(pair.Key, out var same) && same == pair.Value);
}
