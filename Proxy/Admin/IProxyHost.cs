using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Mesh.Telemetry.Prometheus;
using ClusterMesh.Proxy.Edge;
using ClusterMesh.Proxy.Match;
using ClusterMesh.Proxy.Routing;

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

    /// <summary>By whose routes a connection of a pod goes that the kernel hands over; null = to where it was going.</summary>
    IFrontendFeature? FrontendOf(IPEndPoint asked);

    /// <summary>The route of such a connection that has no frontend; null = there are none here.</summary>
    Route? DirectTo(IPEndPoint asked);

    /// <summary>What is counted of such connections; null = there are none here.</summary>
    Route? Direct => null;

    /// <summary>Series of this host alone, at the end of GET /metrics.</summary>
    void WriteMetrics(MetricText text);
}
