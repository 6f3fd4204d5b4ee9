namespace ClusterMesh.Agent.Network;

/// <summary>The node's network refused: what was asked, and what ip, nft or the kernel said.</summary>
internal sealed class NetworkException(string message, Exception? cause = null) : Exception(message, cause);
