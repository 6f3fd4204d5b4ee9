using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Services;

/// <summary>All that is known at one moment, merged. Immutable; published with one reference swap.</summary>
public sealed record MeshSnapshot(
    long Version,
    string LocalCluster,
    IReadOnlyDictionary<string, ClusterObjects> Clusters,
    IReadOnlyDictionary<ObjectKey, ServiceModel> Services,
    ImmutableArray<Problem> Problems)
{
    public ClusterObjects Local => Clusters[LocalCluster];
}
