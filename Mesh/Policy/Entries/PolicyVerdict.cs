namespace ClusterMesh.Mesh.Policy.Entries;

/// <summary>What happens to a new connection's first packet; the numbers of the drops are Cilium's (cilium.md 3.3).</summary>
public enum PolicyReason
{
    Allowed = 0,
    /// <summary>Isolated, and no rule allows it.</summary>
    NotAllowed = 133,
    /// <summary>A rule denies it.</summary>
    Denied = 181,
}

/// <param name="Entry">What decided; null when nothing matched.</param>
public sealed record PolicyVerdict(PolicyReason Reason, PolicyEntry? Entry)
{
    public bool Allowed => Reason is PolicyReason.Allowed;

    public RuleOrigin? Rule => Entry?.Origin;
}
