using ClusterMesh.Mesh.Etcd;

namespace ClusterMesh.Mesh.Leadership;

/// <summary>One time of leading, from winning the lock key to losing it.</summary>
/// <param name="Fence">
/// Holds while the lock key is still the one that was won: as a condition of every write it keeps a leader that has not noticed its
/// end from writing over its successor.
/// </param>
/// <param name="Follows">This candidate saw an earlier term end, its own or another's: what that one wrote may be going, too.</param>
internal sealed record Term(EtcdCondition Fence, bool Follows);
