using System.Collections.Immutable;

namespace ClusterMesh.Agent.Datapath;

/// <summary>
/// Which clusters were heard since this agent started. Of one that was not, what the agent before wrote into the kernel stays: that
/// it cannot be reached is not a removal.
/// </summary>
/// <param name="Own">The own cluster's identities are known.</param>
/// <param name="All">Every cluster was heard.</param>
/// <param name="ClusterIds">Those that were, by number.</param>
internal sealed record Heard(bool Own, bool All, ImmutableHashSet<uint> ClusterIds);
