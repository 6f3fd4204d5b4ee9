namespace ClusterMesh.Mesh.Publish.Sync;

/// <summary>A key as it stands in etcd, as far as we know.</summary>
/// <param name="Lease">0 = on none of our leases: it is to be written again.</param>
internal readonly record struct Standing(ReadOnlyMemory<byte> Value, long Lease, long ModRevision);
