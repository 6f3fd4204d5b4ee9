using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Agent.Flows;

/// <summary>All that gives flows their names, at one moment. Immutable; equal references mean that nothing changed.</summary>
/// <param name="Identities">Of the own cluster, labels by number.</param>
/// <param name="Endpoints">Pods of this node, by the address that they were given.</param>
internal sealed record FlowWorld(
    string Cluster, int ClusterId, MeshSnapshot? Mesh, ImmutableArray<RemoteObjects> Remotes, IReadOnlyDictionary<uint, string>? Identities,
    IReadOnlyDictionary<IPAddress, ObjectKey> Endpoints)
{
    /// <summary>Whether names would be the same.</summary>
    public bool IsSame(FlowWorld other) =>
        ReferenceEquals(Mesh, other.Mesh) && ReferenceEquals(Identities, other.Identities) && ReferenceEquals(Endpoints, other.Endpoints)
        && Remotes.Length == other.Remotes.Length
        && Remotes.Zip(other.Remotes).All(pair => ReferenceEquals(pair.First.Ips, pair.Second.Ips) && ReferenceEquals(pair.First.Identities, pair.Second.Identities) && ReferenceEquals(pair.First.Nodes, pair.Second.Nodes));
}
