using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Agent.Datapath.Identities;

/// <summary>A pod of the own cluster that has an identity of its own.</summary>
/// <param name="Labels">Of its identity.</param>
/// <param name="Node">"cluster/node"; null = this one, or none yet.</param>
/// <param name="Addresses">IPv4.</param>
internal sealed record ClusterPod(PodObject Pod, string Labels, string? Node, ImmutableArray<IPAddress> Addresses);
