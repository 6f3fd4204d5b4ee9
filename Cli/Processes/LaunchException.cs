namespace ClusterMesh.Cli.Processes;

/// <summary>A program cannot be started, or ended when it should not; the message says what to do.</summary>
internal sealed class LaunchException(string message, Exception? inner = null) : Exception(message, inner);
