using ClusterMesh.Mesh.Clusters.Mirror;
using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Mesh.Clusters.Connection;

/// <summary>Where a remote is read now.</summary>
/// <param name="IsCache">From the mirror in our own etcd.</param>
/// <param name="Tap">Told all that is read and believed; only where it is read directly.</param>
internal sealed record RemoteSource(EtcdConfig Config, bool IsCache = false, IRemoteTap? Tap = null);
