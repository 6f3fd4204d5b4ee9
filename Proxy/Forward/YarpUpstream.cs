using System.Net.Sockets;
using System.Runtime.CompilerServices;
using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Health;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace ClusterMesh.Proxy.Forward;

/// <summary>Forwards with YARP's IHttpForwarder, one call for each attempt, and reads from its outcome what happened.</summary>
internal sealed class YarpUpstream(IHttpForwarder forwarder, InvokerPool invokers) : IUpstream
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptEnd> SendAsync(Exchange exchange, BackendHealth backend, CancellationToken stop)
    {
        var target = exchange.Target!;
        var path = target.Upstream ??= new(target.Policy, invokers);
        var prefix = path.Secure ? backend.HttpsPrefix : backend.HttpPrefix;
        var transformer = new UpstreamTransformer(exchange, prefix);
        var error = await forwarder.SendAsync(exchange.Context, prefix, path.InvokerFor(exchange), path.ConfigFor(exchange.Context.Request.Protocol), transformer, stop);
        if (error == ForwarderError.None) return new(transformer.Withheld ? EndReason.RetriedStatus : EndReason.Ok, transformer.Status, Sent: true);
        return Read(error, exchange, transformer.Status, stop);
    }

    private static AttemptEnd Read(ForwarderError error, Exchange exchange, int status, CancellationToken stop)
    {
        var context = exchange.Context;
        var cause = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        // When a response breaks YARP aborts the request itself: that it is aborted now does not tell who did it.
        var timedOut = stop.IsCancellationRequested && (!context.RequestAborted.IsCancellationRequested || OutOfTime(exchange));
        return error switch
        {
            ForwarderError.Request => ReadCause(cause),
            ForwarderError.RequestTimedOut => cause?.InnerException is TimeoutException ? new(EndReason.ConnectFailed, 0, Sent: false) : new(EndReason.Timeout, 0, Sent: true),
            ForwarderError.RequestCreation => new(EndReason.BadRequest, 0, Sent: false),
            ForwarderError.RequestBodyClient => new(ReadBody(cause), 0, Sent: true),
            ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled
                or ForwarderError.UpgradeRequestCanceled or ForwarderError.UpgradeResponseCanceled => new(timedOut ? EndReason.Timeout : EndReason.ClientGone, status, Sent: true),
            ForwarderError.ResponseBodyClient or ForwarderError.UpgradeRequestClient or ForwarderError.UpgradeResponseClient => new(EndReason.ClientGone, status, Sent: true),
            // A tunnel that both sides leave idle ends; that is no failure.
            ForwarderError.UpgradeActivityTimeout => new(EndReason.Ok, status, Sent: true),
            // YARP's guess: a write that it gave up itself may look reset.
            ForwarderError.RequestBodyDestination => new(context.Response.StatusCode == StatusCodes.Status504GatewayTimeout ? EndReason.Timeout : EndReason.Reset, status, Sent: true),
            // YARP's own timer, which it resets with each progress, on the backend's side.
            ForwarderError.ResponseBodyDestination => new(cause is OperationCanceledException ? EndReason.Timeout : EndReason.Reset, status, Sent: true),
            ForwarderError.UpgradeRequestDestination or ForwarderError.UpgradeResponseDestination => new(EndReason.Reset, status, Sent: true),
            ForwarderError.ResponseHeaders => new(ReadStart(cause, context), status, Sent: true),
            _ => new(context.RequestAborted.IsCancellationRequested ? EndReason.ClientGone : EndReason.Reset, status, Sent: true),
        };
    }

    private static bool OutOfTime(Exchange exchange)
    {
        var (policy, time) = (exchange.Route!.Model.Policy, exchange.Route.State.Time);
        return (policy.RequestTimeout is { } limit && time.GetElapsedTime(exchange.Started) >= limit)
            || (policy.AttemptTimeout is { } ofAttempt && time.GetElapsedTime(exchange.AttemptStarted) >= ofAttempt);
    }

    private static AttemptEnd ReadCause(Exception? cause) => cause switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => new(EndReason.ConnectFailed, 0, Sent: false),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError or HttpRequestError.VersionNegotiationError } => new(EndReason.BadResponse, 0, Sent: false),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded } => new(EndReason.BadResponse, 0, Sent: true),
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => new(EndReason.ConnectFailed, 0, Sent: false),
        _ => new(EndReason.Reset, 0, Sent: true),
    };

    // The headers, or a body that was to go out with them (ArrivedBody).
    private static EndReason ReadStart(Exception? cause, HttpContext context) => cause switch
    {
        OperationCanceledException => context.RequestAborted.IsCancellationRequested ? EndReason.ClientGone : EndReason.Timeout,
        IOException => EndReason.Reset,
        _ => EndReason.BadResponse,
    };

    private static EndReason ReadBody(Exception? cause) => (cause as BadHttpRequestException ?? cause?.InnerException as BadHttpRequestException)?.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => EndReason.BodyTooLarge,
        StatusCodes.Status400BadRequest => EndReason.BadRequest,
        _ => EndReason.ClientGone,
    };
}
