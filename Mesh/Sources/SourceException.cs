namespace ClusterMesh.Mesh.Sources;

/// <summary>A source could not be read at all; the message names the cluster, the source and the reason.</summary>
public sealed class SourceException(string message, Exception? inner = null) : Exception(message, inner);
