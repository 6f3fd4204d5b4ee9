namespace ClusterMesh.Mesh.Wire;

/// <summary>What was received cannot be used; the message says why.</summary>
public sealed class WireException(string message, Exception? inner = null) : Exception(message, inner);
