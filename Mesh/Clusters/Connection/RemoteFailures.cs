namespace ClusterMesh.Mesh.Clusters.Connection;

/// <summary>The remote answers, but must not be used; the message is for people.</summary>
internal sealed class RemoteRefusedException(string reason) : Exception(reason);

/// <summary>The connection has to be made anew, though etcd itself answers; the message says why.</summary>
internal sealed class RemoteLostException(string reason) : Exception(reason);
