using System.Collections.Immutable;
using System.Net;

namespace ClusterMesh.Agent.Options;

/// <summary>The agent's settings, checked.</summary>
internal sealed record AgentOptions
{
    public required string Cluster { get; init; }

    public required int ClusterId { get; init; }

    public required string Node { get; init; }

    public ImmutableArray<IPAddress> NodeIps { get; init; } = [];

    public required string Manifests { get; init; }

    /// <summary>Client file of the own etcd; null = nothing is published, nothing is cached.</summary>
    public string? Etcd { get; init; }

    /// <summary>Directory of the other clusters' client files; null = none.</summary>
    public string? Remotes { get; init; }

    public bool RemoteCache { get; init; } = true;

    /// <summary>Zero = services of a lost cluster are kept.</summary>
    public TimeSpan RemoteTtl { get; init; }

    public TimeSpan SyncTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Null = no proxies are served.</summary>
    public string? Socket { get; init; }

    public UnixFileMode SocketMode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Of the node's proxy and gateway: for the socket, and the maps that they need; null = root alone.</summary>
    public uint? ProxyGroup { get; init; }

    /// <summary>Unix socket of the proxy's admin pages; null = it is not asked.</summary>
    public string? ProxyAdmin { get; init; }

    public required IPEndPoint Admin { get; init; }

    public TimeSpan LeaseTtl { get; init; } = TimeSpan.FromMinutes(15);

    public TimeSpan ElectionTtl { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromMinutes(1);

    public bool DefaultGlobalNamespace { get; init; } = true;

    public int Qps { get; init; } = 20;

    public Uri? Otlp { get; init; }

    /// <summary>Unix socket of the pages that change something; null = there is none.</summary>
    public string? Api { get; init; }

    /// <summary>Null = this agent moves no packets.</summary>
    public DatapathOptions? Datapath { get; init; }
}
