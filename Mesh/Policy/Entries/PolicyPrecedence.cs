namespace ClusterMesh.Mesh.Policy.Entries;

/// <summary>
/// Cilium's order of entries that match the same packet (cilium.md 3.3): the higher number wins, so that deny beats redirect and
/// redirect beats allow, however specific they are.
/// </summary>
public static class PolicyPrecedence
{
    /// <summary>All policies have the highest priority until there are tiers.</summary>
    private const uint Priority = 0xffffff00;

    /// <summary>Redirect is Cilium's of HTTP rules.</summary>
    public const uint Deny = Priority | 255, Redirect = Priority | 154, Allow = Priority | 1;
}
