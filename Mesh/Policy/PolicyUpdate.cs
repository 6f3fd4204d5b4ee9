using System.Collections.Immutable;
using System.Net;

namespace ClusterMesh.Mesh.Policy;

/// <summary>
/// What other policies mean for the numbers of CIDRs. To be written in this order: what every endpoint's new policy says, beside what
/// the old one said; the CIDRs into the addresses' map, and the old ones out of it; the new policies alone. So no address ever has a
/// number that policy maps do not know.
/// </summary>
public sealed record PolicyUpdate(ImmutableDictionary<IPNetwork, uint> NewCidrs, ImmutableDictionary<IPNetwork, uint> OldCidrs);
