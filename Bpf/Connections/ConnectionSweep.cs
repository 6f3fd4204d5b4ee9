using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Bpf.Connections;

/// <summary>What a sweep found.</summary>
/// <param name="Live">How many there are of each state.</param>
/// <param name="Ended">Those whose time was over and whose end no program has told of: deleted.</param>
/// <param name="Deleted">All that were deleted.</param>
public sealed record ConnectionSweep(
    IReadOnlyDictionary<ConnectionState, int> Live, IReadOnlyList<KeyValuePair<ConnectionKey, Connection>> Ended, int Deleted);
