namespace ClusterMesh.Mesh.Telemetry;

/// <summary>Our own attributes, beside those of the semantic conventions; the same words as in the access log.</summary>
public static class SpanAttributes
{
    public const string
        Route = "clustermesh.route",
        Service = "clustermesh.service",
        Cluster = "clustermesh.cluster",
        Backend = "clustermesh.backend",
        Split = "clustermesh.split",
        Reason = "clustermesh.reason",
        Attempt = "clustermesh.attempt",
        RequestId = "clustermesh.request_id";
}
