namespace ClusterMesh.Mesh.Clusters.Connection;

/// <summary>What all connections to one remote share.</summary>
/// <param name="ListAgain">Asks for everything once more.</param>
internal sealed record RemoteContext(RemoteClustersConfig Config, ClusterIds Ids, ListAgain ListAgain, BytesRead Read, TimeProvider Time);
