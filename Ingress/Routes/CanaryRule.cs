using System.Text.RegularExpressions;

namespace ClusterMesh.Ingress.Routes;

/// <summary>What a canary Ingress says of the share and the requests that it takes.</summary>
internal sealed record CanaryRule(long Weight, long Total)
{
    public CanaryHeader? Header { get; init; }

    public string? Cookie { get; init; }
}

/// <summary>canary-by-header with at most one of value and pattern; a broken pattern has neither.</summary>
internal sealed record CanaryHeader(string Name, string? Value = null, Regex? Pattern = null, bool Broken = false);
