using System.Collections.Immutable;

namespace ClusterMesh.Cli.Bootstrap;

/// <summary>A cluster's files or its etcd cannot be made as asked; the message says what is wrong and how to mend it.</summary>
internal sealed class BootstrapException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Command lines to run first, in order.</summary>
    public ImmutableArray<string> ToRun { get; init; } = [];
}
