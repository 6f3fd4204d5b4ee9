using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Authorize;
using ClusterMesh.Proxy.Edge;
using ClusterMesh.Proxy.Filters;
using ClusterMesh.Proxy.Match;
using ClusterMesh.Proxy.Pick;
using ClusterMesh.Proxy.Record;
using ClusterMesh.Proxy.Routing;
using ClusterMesh.Proxy.Split;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Proxy;

/// <summary>
/// The way of a request. Deciding is in Match, Split and Pick and touches no socket; doing is in Forward; this only puts them
/// in order.
/// </summary>
/// <remarks>
/// <code>
///  client --> 1 gate --> 2 match --> 3 policy --> 4 split --> 5 pick --> 6 forward --> backend
///                |           |           |          ^            ^           |
///               400         404    3xx/413/500      +-- 7 retry -+---(failed)+
///                                                                            |
///                                      8 record (metric, log, span) <--------+
/// </code>
/// </remarks>
internal sealed partial class ProxyPipeline(
    ProxyState state, Attempts attempts, Mirroring mirroring, EdgeSettings edge, Recorder recorder, IChance chance, TimeProvider time, ILogger<ProxyPipeline> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var exchange = new Exchange(context, time.GetTimestamp()) { Caller = context.Features.Get<Caller>() };
        recorder.Begin(exchange);
        try
        {
            // 1: refuse what is ambiguous; find the path that is matched and forwarded.
            if (RequestGate.Refuse(context, out var path, out var query) is { } refused)
            {
                await RejectAsync(exchange, EndReason.BadRequest, refused);
                return;
            }

            Describe(exchange, path, query);

            // 2: match, in the snapshot that is in force now and for all of this request.
            if (RouteOf(context, path, query) is not { } route)
            {
                await RejectAsync(exchange, EndReason.NoRoute, "no route for this host and path");
                return;
            }

            exchange.Route = route;
            route.State.Budget.CountRequest(exchange.Started);

            // 3: what the route says before any backend is asked.
            if (HttpsRedirects.Location(exchange, edge) is { } location)
            {
                Redirect(exchange, location, StatusCodes.Status308PermanentRedirect);
                return;
            }

            if (route.Model.Filters.Broken is not null)
            {
                await RejectAsync(exchange, EndReason.BrokenRoute, "this route cannot be followed as it is written");
                return;
            }

            if (route.Model.Filters.Redirect is { } redirect)
            {
                Redirect(exchange, Redirects.Location(exchange, redirect), redirect.Status);
                return;
            }

            if (!BodyLimit.Apply(context, route.Model.Policy.MaxRequestBodyBytes))
            {
                await RejectAsync(exchange, EndReason.BodyTooLarge, "the body is larger than this route allows");
                return;
            }

            // 4 to 7.
            await attempts.RunAsync(exchange);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or BadHttpRequestException or IOException))
        {
            LogDefect(exception, exchange.Route?.Model.Name ?? "none");
            await RejectAsync(exchange, EndReason.InternalError, "internal error");
        }
        finally
        {
            mirroring.End(exchange);
            exchange.Body?.Release();
            recorder.End(exchange);
        }
    }

    private void Describe(Exchange exchange, string path, string query)
    {
        var context = exchange.Context;
        (exchange.Path, exchange.Query) = (path, query);
        var peer = context.Connection.RemoteIpAddress;
        if (peer is { IsIPv4MappedToIPv6: true }) peer = peer.MapToIPv4();
        exchange.TrustedPeer = exchange.Caller is not { IsOutside: true } && edge.Trusts(peer);
        exchange.Facts = new(context.Request.Headers, path, query, peer);
        exchange.RequestId = RequestIds.KeepOrMake(context.Request.Headers[ForwardedHeaders.RequestId], chance);
    }

    private Route? RouteOf(HttpContext context, string path, string query) => context.Features.Get<Route>() is { } itsOwn
        ? itsOwn
        : state.Snapshot?.MatcherOf(context.Features.Get<IFrontendFeature>())?.Find(HostOf(context.Request), path, context.Request.Method, context.Request.Headers, query);

    private static ReadOnlySpan<char> HostOf(HttpRequest request)
    {
        var host = request.Host.Value.AsSpan();
        if (host.Length > 0 && host[^1] == ']') return host;
        var colon = host.LastIndexOf(':');
        return colon < 0 ? host : host[..colon];
    }

    private static void Redirect(Exchange exchange, string location, int status)
    {
        exchange.End = EndReason.Redirect;
        exchange.Context.Response.StatusCode = status;
        exchange.Context.Response.Headers.Location = location;
    }

    private static ValueTask RejectAsync(Exchange exchange, EndReason reason, string text)
    {
        exchange.End = reason;
        return LocalReply.SendAsync(exchange.Context, reason, text);
    }

    [LoggerMessage(10, LogLevel.Error, "a request of route {Route} met a defect and was answered 500")]
    private partial void LogDefect(Exception exception, string route);
}
