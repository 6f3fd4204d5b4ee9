using ClusterMesh.Proxy.Hosting;
using System.Collections.Immutable;

namespace ClusterMesh.Ingress.Options;

/// <summary>It reads the manifests of all clusters itself.</summary>
/// <param name="Peers">Cluster name and directory.</param>
internal sealed record DirectoryOptions(string Manifests, ImmutableArray<KeyValuePair<string, string>> Peers) : SourceOptions;
