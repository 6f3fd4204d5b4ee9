using ClusterMesh.Proxy.Forward;

namespace ClusterMesh.Proxy.Record.Tracing;

/// <summary>The trace that a request belongs to, for those who write it down.</summary>
internal static class TraceIds
{
    /// <summary>Null = none. Without a span of ours the client's trace is still the one that the backend gets to see.</summary>
    public static string? Of(Exchange exchange)
    {
        if (exchange.Span is { } span) return span.TraceId.ToHexString();
        if (exchange.Context.Request.Headers[TraceHeaders.Parent] is not [{ Length: >= 55 } parent]) return null;
        return parent[2] == '-' && parent[35] == '-' && !parent.AsSpan(3, 32).ContainsAnyExcept("0123456789abcdef") ? parent.Substring(3, 32) : null;
    }
}
