namespace ClusterMesh.Mesh.Publish.Sync;

/// <summary>Somebody else wrote, or took a lock, that a transaction of ours was conditioned on: look again and go on from there.</summary>
internal sealed class ConflictException(string message) : Exception(message);
