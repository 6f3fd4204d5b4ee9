using System.Diagnostics;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Forward;
using ClusterMesh.Proxy.Record.Metrics;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Record.Tracing;

/// <summary>The span of a request as the client sees it (semantic conventions for HTTP servers).</summary>
internal static class ServerSpan
{
    public static bool Wanted => ProxySource.Source.HasListeners();

    /// <summary>A child of the client's span, or the root of a new trace. Null = nobody wants it.</summary>
    public static Activity? Start(HttpContext context)
    {
        var request = context.Request;
        // Without a parent, StartActivity takes the current activity: a request's trace is the client's or a new one.
        Activity.Current = null;
        var span = ProxySource.Source.StartActivity(MethodOf(request), ActivityKind.Server, Parent(request.Headers));
        if (span is not { IsAllDataRequested: true }) return span;
        ProxySource.TagMethod(span, request.Method);
        var (host, port) = ProxySource.Authority(request.Host.Value ?? "");
        span.SetTag("url.scheme", request.Scheme);
        span.SetTag("server.address", ProxySource.Bounded(host));
        span.SetTag("server.port", port ?? context.Connection.LocalPort);
        span.SetTag("network.protocol.version", HttpVersions.Of(request.Protocol));
        if (request.Headers.UserAgent is { Count: > 0 } agent) span.SetTag("user_agent.original", ProxySource.Bounded(agent.ToString()));
        return span;
    }

    public static void End(Exchange exchange, Activity span, int status)
    {
        if (span.IsAllDataRequested) Describe(exchange, span, status);
        span.Stop();
    }

    private static void Describe(Exchange exchange, Activity span, int status)
    {
        var context = exchange.Context;
        span.SetTag("url.path", ProxySource.Bounded(exchange.Described ? exchange.Path : context.Request.Path.Value ?? "/"));
        span.SetTag("client.address", (exchange.Facts.Client ?? context.Connection.RemoteIpAddress)?.ToString());
        if (exchange.Described) span.SetTag(SpanAttributes.RequestId, exchange.RequestId);
        if (exchange.Route is { } route)
        {
            span.DisplayName = $"{MethodOf(context.Request)} {route.Model.Name}";
            span.SetTag("http.route", route.Model.Name);
        }

        DecisionTags.Set(span, exchange);
        // 4xx is the client's error, not this span's.
        ProxySource.TagOutcome(span, status, ErrorType.OfRequest(exchange.End, status), status >= 500 || exchange.End.IsFailure());
    }

    private static string MethodOf(HttpRequest request) =>
        RequestMethods.Number(request.Method) is > 0 and var known ? RequestMethods.Name(known) : "HTTP";

    private static ActivityContext Parent(IHeaderDictionary headers)
    {
        if (headers[TraceHeaders.Parent] is not [{ } parent]) return default;
        var state = headers[TraceHeaders.State];
        return ActivityContext.TryParse(parent, state.Count == 0 ? null : string.Join(',', state.ToArray()), isRemote: true, out var context) ? context : default;
    }
}
