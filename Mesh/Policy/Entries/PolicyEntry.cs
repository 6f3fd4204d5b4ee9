using ClusterMesh.Mesh.Policy.Http;
using ClusterMesh.Mesh.Policy.Rules;

namespace ClusterMesh.Mesh.Policy.Entries;

/// <param name="Identity">0 = every peer.</param>
public readonly record struct PolicyKey(PolicyDirection Direction, uint Identity, PortPrefix Ports);

/// <summary>One entry of an endpoint's policy map, and the rule behind it.</summary>
/// <param name="Http">Not null: allowed by way of the proxy.</param>
public sealed record PolicyEntry(PolicyKey Key, bool Denies, uint Precedence, RuleOrigin Origin, HttpAllowances? Http = null)
{
    internal static PolicyEntry Of(PolicyDirection direction, uint identity, PolicyRow row) =>
        new(new(direction, identity, row.Ports), row.Denies, row.Precedence, row.Origin, row.Http);
}
