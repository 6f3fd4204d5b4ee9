namespace ClusterMesh.Proxy.Hosting;

/// <summary>Where a host has its objects from.</summary>
internal abstract record SourceOptions;

/// <summary>The node's agent streams them.</summary>
/// <param name="State">Directory where the last good snapshot is kept over a restart; null = nowhere.</param>
internal sealed record AgentOptions(string Socket, string? State) : SourceOptions;
