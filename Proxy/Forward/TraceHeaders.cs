using System.Diagnostics;

namespace ClusterMesh.Proxy.Forward;

/// <summary>W3C trace context: the attempt's span replaces the caller's in what the backend gets. Without a span the caller's passes through.</summary>
internal static class TraceHeaders
{
    public const string Parent = "traceparent", State = "tracestate";

    public static void Inject(Activity span, HttpRequestMessage request)
    {
        request.Headers.Remove(Parent);
        request.Headers.Remove(State);
        request.Headers.TryAddWithoutValidation(Parent, span.Id);
        if (span.TraceStateString is { Length: > 0 } state) request.Headers.TryAddWithoutValidation(State, state);
    }
}
