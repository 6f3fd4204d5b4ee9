namespace ClusterMesh.Cli.Lab;

/// <summary>The lab cannot do that; the message says what was wrong and what to do.</summary>
internal sealed class LabException(string message, Exception? inner = null) : Exception(message, inner);
