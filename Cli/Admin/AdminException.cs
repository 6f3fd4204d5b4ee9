namespace ClusterMesh.Cli.Admin;

/// <summary>The gateway could not be asked, or refused; the message is for the person at the terminal.</summary>
internal sealed class AdminException(string message, Exception? inner = null) : Exception(message, inner);
