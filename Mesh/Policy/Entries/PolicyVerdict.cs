namespace ClusterMesh.Mesh.Policy.Entries;

/// <summary>What happens to a new connection's first packet, or to a request; the numbers of the drops are Cilium's (cilium.md 3.3).</summary>
public enum PolicyReason
{
    Allowed = 0,
    /// <summary>Isolated, and no rule allows it.</summary>
    NotAllowed = 133,
    /// <summary>A rule denies it.</summary>
    Denied = 181,
    /// <summary>Of a request: no HTTP rule allows it; the number is the answer's status.</summary>
    Refused = 403,
}

/// <param name="Entry">What decided; null when nothing matched.</param>
public sealed record PolicyVerdict(PolicyReason Reason, PolicyEntry? Entry)
{
    public bool Allowed => Reason is PolicyReason.Allowed;

    /// <summary>Allowed by way of the proxy, which asks <see cref="DirectionPolicy.DecideHttp"/> about each request.</summary>
    public bool Redirects => Entry is { Http: not null };

    public RuleOrigin? Rule => Entry?.Origin;
}
