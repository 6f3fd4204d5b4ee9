using System.Collections.Immutable;
using System.Net;

namespace ClusterMesh.Proxy.Edge;

/// <summary>What the host was told about the edge.</summary>
public sealed record EdgeSettings
{
    /// <summary>Peers whose X-Forwarded-* are believed.</summary>
    public ImmutableArray<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>The port that https redirects name; null = no https listener, so that only a forced redirect is made.</summary>
    public int? HttpsPort { get; init; }

    internal bool Trusts(IPAddress? peer)
    {
        if (peer is null) return false;
        foreach (var network in TrustedProxies)
        {
            if (network.Contains(peer)) return true;
        }

        return false;
    }
}
