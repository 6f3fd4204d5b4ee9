using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Proxy.Match;

/// <summary>On a connection that was sent to a port of a service and redirected to the node's proxy: its requests follow that port's routes.</summary>
internal interface IFrontendFeature
{
    ObjectKey Service { get; }

    int Port { get; }
}
