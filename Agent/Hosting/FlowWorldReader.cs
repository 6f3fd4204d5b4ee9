using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Agent.Flows;
using ClusterMesh.Agent.Options;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Agent.Hosting;

/// <summary>Takes from the agent's parts what gives flows their names. One thread at a time.</summary>
internal sealed class FlowWorldReader(AgentOptions options, AgentParts parts)
{
    private (ImmutableDictionary<ObjectKey, PodEndpoint>? From, IReadOnlyDictionary<IPAddress, ObjectKey> ByAddress) _endpoints = (null, new Dictionary<IPAddress, ObjectKey>());

    public FlowWorld Read() => new(options.Cluster, options.ClusterId, parts.Latest, parts.Remotes?.Current ?? [], parts.Publisher?.Identities, Endpoints());

    private IReadOnlyDictionary<IPAddress, ObjectKey> Endpoints()
    {
        if (parts.Datapath?.Endpoints is { } endpoints && !ReferenceEquals(endpoints, _endpoints.From))
            _endpoints = (endpoints, endpoints.Values.ToDictionary(endpoint => endpoint.Address, endpoint => endpoint.Pod));
        return _endpoints.ByAddress;
    }
}
