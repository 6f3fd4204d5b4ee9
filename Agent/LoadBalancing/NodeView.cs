using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>What decides about backends beside the services: where we are, where they are, and which nodes answer.</summary>
internal sealed record NodeView(ThisNode Node, BackendPlaces Places, UnreachableNodes Unreachable)
{
    public bool IsGone(Backend backend) => Unreachable.Touches(backend.Cluster) && Unreachable.Contains(backend.Cluster, Places.NodeOf(backend));

    public bool IsHere(Backend backend) => backend.Cluster == Node.Cluster && backend.Node == Node.Name;
}
