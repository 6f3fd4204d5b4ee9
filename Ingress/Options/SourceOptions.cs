using System.Collections.Immutable;

namespace ClusterMesh.Ingress.Options;

/// <summary>Where the gateway has its objects from.</summary>
internal abstract record SourceOptions;

/// <summary>It reads the manifests of all clusters itself.</summary>
/// <param name="Peers">Cluster name and directory.</param>
internal sealed record DirectoryOptions(string Manifests, ImmutableArray<KeyValuePair<string, string>> Peers) : SourceOptions;

/// <summary>The node's agent streams them.</summary>
/// <param name="State">Directory where the last good snapshot is kept over a restart; null = nowhere.</param>
internal sealed record AgentOptions(string Socket, string? State) : SourceOptions;
