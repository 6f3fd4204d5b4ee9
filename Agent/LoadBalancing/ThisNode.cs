using System.Collections.Immutable;
using System.Net;

namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>The node whose kernel is filled.</summary>
/// <param name="Addresses">Its own, on which node ports are answered.</param>
internal sealed record ThisNode(string Cluster, string Name, ImmutableArray<IPAddress> Addresses);
