using System.Diagnostics;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Telemetry;

namespace ClusterMesh.Proxy.Record.Tracing;

/// <summary>What was decided, and why, in the words of log and metric.</summary>
internal static class DecisionTags
{
    public static void Set(Activity span, Exchange exchange)
    {
        if (exchange.Route is not { } route) return;
        span.SetTag(SpanAttributes.Route, route.Model.Name);
        if (!exchange.Decided) return;
        span.SetTag(SpanAttributes.Service, exchange.Target!.Name);
        span.SetTag(SpanAttributes.Split, exchange.Split.Text());
        span.SetTag(SpanAttributes.Attempt, exchange.Attempts);
        if (exchange.Backend is not { } backend) return;
        span.SetTag(SpanAttributes.Cluster, backend.Backend.Cluster);
        span.SetTag(SpanAttributes.Backend, backend.Backend.Authority);
        span.SetTag(SpanAttributes.Reason, exchange.Reason.Text());
    }
}
