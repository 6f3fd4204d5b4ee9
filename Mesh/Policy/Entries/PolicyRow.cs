namespace ClusterMesh.Mesh.Policy.Entries;

/// <summary>What is said about some ports of one peer.</summary>
/// <param name="Precedence"><see cref="PolicyPrecedence"/>.</param>
public sealed record PolicyRow(PortPrefix Ports, bool Denies, uint Precedence, RuleOrigin Origin)
{
    internal static PolicyRow Of(PortPrefix ports, bool denies, RuleOrigin origin) => new(ports, denies, denies ? PolicyPrecedence.Deny : PolicyPrecedence.Allow, origin);
}
