using System.Net.Security;

namespace ClusterMesh.Mesh.Grpc;

/// <summary>How a channel connects.</summary>
public sealed record GrpcChannelConfig
{
    public static GrpcChannelConfig Default { get; } = new();

    public GrpcLimits Limits { get; init; } = GrpcLimits.Default;

    /// <summary>For https; null = the machine's own CAs and no client certificate.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>TCP and TLS together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A connection with calls on it that is silent for so long is asked whether it lives (etcd allows it every 5 s).</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long it may take to answer that.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
