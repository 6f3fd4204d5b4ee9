using ClusterMesh.Mesh.Grpc;

namespace ClusterMesh.Mesh.Etcd;

/// <summary>The way to one endpoint as of now.</summary>
/// <param name="Index">Of the endpoint in the config.</param>
/// <param name="Retired">Cancelled when the certificates have changed, and long calls should come again over a new link.</param>
internal sealed record EtcdLink(GrpcChannel Channel, int Index, string Name, CancellationToken Retired);
