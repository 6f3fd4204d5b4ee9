using ClusterMesh.Mesh.Clusters.State;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Clusters.Mirror;

/// <summary>What is to be written to the mirror at one time, in this order; the canaries of the listed parts come last.</summary>
/// <param name="Config">What the remote was last accepted with; null = it was not yet.</param>
/// <param name="Heartbeat">The newest; null = none came yet.</param>
internal sealed record MirrorRound(ClusterConfigRecord? Config, ReadOnlyMemory<byte>? Heartbeat, IReadOnlyList<PendingWrite> Writes, IReadOnlyList<RemotePart> Listed);

/// <param name="Value">Null = the key goes.</param>
/// <param name="Lease">The one that the key is on; 0 = it is on none that is kept alive.</param>
internal sealed record PendingWrite(RemotePart Part, string Key, ReadOnlyMemory<byte>? Value, long Lease = 0);

/// <summary>A key that is in the mirror.</summary>
/// <param name="Hash">Of its bytes.</param>
/// <param name="Lease">The one that keeps it and that is kept alive; 0 = none, it has to be written again.</param>
internal readonly record struct MirroredKey(ulong Hash, long Lease)
{
    /// <summary>As a lease: etcd does not take the value, and is not asked again until it changes.</summary>
    public const long Refused = -1;
}
