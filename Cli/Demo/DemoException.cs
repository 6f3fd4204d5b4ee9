namespace ClusterMesh.Cli.Demo;

/// <summary>The demo cannot be set up; the message says what to do.</summary>
internal sealed class DemoException(string message, Exception? inner = null) : Exception(message, inner);
