using System.Diagnostics;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Forward;
using ClusterMesh.Proxy.Record.Metrics;

namespace ClusterMesh.Proxy.Record.Tracing;

/// <summary>The span of one attempt at one backend (semantic conventions for HTTP clients).</summary>
internal static class AttemptSpan
{
    /// <summary>The server span itself where the trace is not sampled: its context still goes to the backend.</summary>
    public static Activity Start(Exchange exchange, Activity server)
    {
        var method = exchange.Context.Request.Method;
        var known = RequestMethods.Number(method);
        var span = ProxySource.Source.StartActivity(known == 0 ? "HTTP" : RequestMethods.Name(known), ActivityKind.Client, server.Context);
        if (span is null) return server;
        if (!span.IsAllDataRequested) return span;
        var backend = exchange.Backend!;
        ProxySource.TagMethod(span, method);
        span.SetTag("server.address", backend.Backend.Address);
        span.SetTag("server.port", backend.Backend.Port);
        // A query may hold secrets: that there is one is told, not what it says.
        var secure = exchange.Target!.Policy.Protocol is BackendProtocol.Https or BackendProtocol.Grpcs;
        span.SetTag("url.full", ProxySource.Bounded($"{(secure ? backend.HttpsPrefix : backend.HttpPrefix)}{exchange.Path}{(exchange.Query.Length == 0 ? "" : "?*")}"));
        if (exchange.Attempts > 1) span.SetTag("http.request.resend_count", exchange.Attempts - 1);
        DecisionTags.Set(span, exchange);
        return span;
    }

    public static void End(Exchange exchange, Activity span, in AttemptEnd end)
    {
        exchange.AttemptSpan = null;
        if (ReferenceEquals(span, exchange.Span)) return;
        var error = ErrorType.OfAttempt(end.Reason, end.Status);
        if (span.IsAllDataRequested) ProxySource.TagOutcome(span, end.Status, error, failed: error is not null);
        span.Stop();
    }
}
