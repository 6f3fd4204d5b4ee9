using System.Collections.Immutable;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Mesh.Telemetry.Prometheus;
using ClusterMesh.Proxy.Edge;

namespace ClusterMesh.Proxy.Admin;

/// <summary>What the admin pages ask of the process that the pipeline runs in.</summary>
internal interface IProxyHost
{
    string Cluster { get; }

    EdgeSettings Edge { get; }

    Lifecycle Lifecycle { get; }

    IReadOnlyList<string> Listeners { get; }

    ImmutableArray<Problem> Problems { get; }

    IReadOnlyList<CertificateStatus> Certificates { get; }

    /// <summary>Series of this host alone, at the end of GET /metrics.</summary>
    void WriteMetrics(MetricText text);
}
