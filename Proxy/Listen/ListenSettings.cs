using System.Collections.Immutable;
using System.Net;

namespace ClusterMesh.Proxy.Listen;

/// <summary>Where a proxy listens and within what bounds.</summary>
public sealed record ListenSettings
{
    public ImmutableArray<IPEndPoint> Http { get; init; } = [];

    public ImmutableArray<IPEndPoint> Https { get; init; } = [];

    /// <summary>Socket completions run where they happen (l7-performance.md): faster, and nothing may block on those threads.</summary>
    public bool Inline { get; init; } = true;

    public int MaxConnections { get; init; } = 50_000;

    public int MaxRequestHeaderBytes { get; init; } = 64 * 1024;

    public int MaxRequestLineBytes { get; init; } = 16 * 1024;

    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(75);

    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
