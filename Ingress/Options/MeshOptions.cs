namespace ClusterMesh.Ingress.Options;

/// <summary>The gateway has an identity of its own.</summary>
/// <param name="PinDirectory">The node's maps.</param>
internal sealed record MeshOptions(string PinDirectory);
