using ClusterMesh.Agent.Datapath;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Admin;

/// <summary>What the data path is and does now, for the admin pages; empty without one.</summary>
internal sealed class DatapathView(NodeDatapath? datapath)
{
    public IReadOnlyList<EndpointStatus> Endpoints() => [.. datapath?.Endpoints.Values.OrderBy(endpoint => endpoint.Id).Select(Status) ?? []];

    public EndpointStatus Status(PodEndpoint endpoint) => new(
        endpoint.Id, endpoint.Pod.Namespace, endpoint.Pod.Name, endpoint.Address.ToString(), 0, [], endpoint.Names.Interface, endpoint.Netns, "waiting-for-identity", [], [], endpoint.Mtu);
}
