namespace ClusterMesh.Mesh.Objects;

/// <summary>The addresses of a Service beyond the first cluster IP, and what is said about traffic from outside.</summary>
public sealed record ServiceExposure
{
    public static readonly ServiceExposure None = new();

    /// <summary>The second cluster IP of a dual-stack Service.</summary>
    public IReadOnlyList<string> MoreClusterIPs { get; init; } = [];

    public IReadOnlyList<string> ExternalIPs { get; init; } = [];

    /// <summary>status.loadBalancer.ingress[].ip (but not those of ipMode Proxy), else spec.loadBalancerIP; only of type LoadBalancer.</summary>
    public IReadOnlyList<string> LoadBalancerIPs { get; init; } = [];

    /// <summary>loadBalancerSourceRanges; empty = everybody.</summary>
    public IReadOnlyList<string> SourceRanges { get; init; } = [];

    /// <summary>externalTrafficPolicy Local: what comes from outside is served by backends of the node that it came to.</summary>
    public bool ExternalLocal { get; init; }
}
