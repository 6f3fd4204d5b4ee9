using ClusterMesh.Proxy.Hosting;
using System.Net;
using ClusterMesh.Ingress.Routes;
using ClusterMesh.Proxy.Edge;
using ClusterMesh.Proxy.Listen;

namespace ClusterMesh.Ingress.Options;

/// <summary>The gateway's settings, checked.</summary>
internal sealed record IngressOptions
{
    public required string Cluster { get; init; }

    public required SourceOptions Source { get; init; }

    /// <summary>Null = the gateway is nobody in the mesh.</summary>
    public MeshOptions? Mesh { get; init; }

    public required ListenSettings Listen { get; init; }

    public required EdgeSettings Edge { get; init; }

    public required IngressSettings Ingress { get; init; }

    public required IPEndPoint Admin { get; init; }

    /// <summary>A path, "-" or "off".</summary>
    public string AccessLog { get; init; } = "-";

    public Uri? Otlp { get; init; }

    public double TraceSample { get; init; } = 1;

    public TelemetryOptions Telemetry => new("clustermesh-ingress", Cluster, Otlp, TraceSample);

    public TimeSpan WarmUp { get; init; }

    public TimeSpan DrainDelay { get; init; }

    public TimeSpan DrainTimeout { get; init; }
}
