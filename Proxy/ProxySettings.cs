using ClusterMesh.Proxy.Edge;
using ClusterMesh.Proxy.Health;

namespace ClusterMesh.Proxy;

/// <summary>What a host tells the pipeline at start.</summary>
public sealed record ProxySettings
{
    public required string Cluster { get; init; }

    public EdgeSettings Edge { get; init; } = new();

    public EjectionPolicy Ejection { get; init; } = new();

    /// <summary>A path, "-" for standard output, or "off".</summary>
    public string AccessLog { get; init; } = "off";
}
