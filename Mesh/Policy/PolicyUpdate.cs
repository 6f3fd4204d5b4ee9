using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Mesh.Policy.Entries;

namespace ClusterMesh.Mesh.Policy;

/// <summary>
/// What a change means for the maps. To be written in this order: every endpoint's upserts; the CIDRs into the addresses' map, and
/// the old ones out of it; every endpoint's deletes. So no address ever has a number that policy maps do not know.
/// </summary>
/// <param name="Endpoints">By endpoint, only those where something changed.</param>
public sealed record PolicyUpdate(
    ImmutableDictionary<uint, PolicyDifference> Endpoints, ImmutableDictionary<IPNetwork, uint> NewCidrs, ImmutableDictionary<IPNetwork, uint> OldCidrs)
{
    public bool IsEmpty => Endpoints.IsEmpty && NewCidrs.IsEmpty && OldCidrs.IsEmpty;
}
