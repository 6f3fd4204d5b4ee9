using ClusterMesh.Mesh.Status;
using System.Collections.Immutable;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Services;

/// <summary>All that is known at one moment, merged. Immutable; published with one reference swap.</summary>
/// <param name="Clusters">The own one, too.</param>
public sealed record MeshSnapshot(
    long Version,
    ClusterObjects Local,
    ImmutableSortedDictionary<string, ClusterStatus> Clusters,
    ImmutableDictionary<ObjectKey, ServiceModel> Services,
    ImmutableArray<Problem> Problems)
{
    public string LocalCluster => Local.Cluster;

    /// <summary>
    /// The services that differ from those of the snapshot with the version before this one: added, changed or removed. Default =
    /// not known. Whoever applied exactly that one need look at these only.
    /// </summary>
    public ImmutableArray<ObjectKey> Changed { get; init; }

    /// <summary>When the oldest change in here that is new was received, as a TimeProvider timestamp; 0 = nothing came from afar.</summary>
    public long OldestChange { get; init; }
}
