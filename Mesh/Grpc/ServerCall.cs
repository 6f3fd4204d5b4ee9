using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Mesh.Grpc;

/// <summary>Runs one call of any kind: what precedes the handler, and how the call ends.</summary>
internal static class ServerCall
{
    private const string MediaType = "application/grpc";

    public static async Task RunAsync(HttpContext http, Func<GrpcServerCall, Task> handler)
    {
        if (Refusal(http.Request) is { } refusal)
        {
            http.Response.StatusCode = refusal;
            return;
        }

        http.Response.ContentType = MediaType;
        http.Response.Headers["grpc-accept-encoding"] = "identity";
        LiftLimits(http);
        if (!TryDeadline(http.Request, out var deadline))
        {
            End(http, GrpcStatus.Internal, $"{GrpcTimeout.Header} is not a timeout");
            return;
        }

        var time = http.RequestServices.GetService<TimeProvider>() ?? TimeProvider.System;
        using var expired = deadline is { } after ? new CancellationTokenSource(after, time) : new();
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(expired.Token, http.RequestAborted);
        var call = new GrpcServerCall(http, deadline, cancelled.Token);
        try
        {
            await handler(call);
            http.Response.AppendTrailer(ResponseStatus.StatusHeader, "0");
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
        catch (Exception e)
        {
            var (status, text) = Outcome(e, expired.IsCancellationRequested);
            if (status == GrpcStatus.Unknown && e is not GrpcException)
                Log.HandlerFailed(LoggerOf(http), http.Request.Path, e);
            End(http, status, text);
        }
        finally
        {
            await cancelled.CancelAsync();
        }
    }

    private static (GrpcStatus Status, string Text) Outcome(Exception e, bool expired) => e switch
    {
        GrpcException failure => (failure.Status, failure.Detail),
        _ when expired => (GrpcStatus.DeadlineExceeded, "the deadline has passed"),
        OperationCanceledException => (GrpcStatus.Cancelled, "the call was cancelled"),
        _ => (GrpcStatus.Unknown, "the method failed"),
    };

    private static void End(HttpContext http, GrpcStatus status, string text)
    {
        var number = ((int)status).ToString(CultureInfo.InvariantCulture);
        var message = GrpcMessageText.Encode(text);
        // A client looks for the status in whatever comes last.
        if (http.Response.HasStarted || http.Features.Get<IHttpResponseTrailersFeature>()?.Trailers is { Count: > 0 })
        {
            http.Response.AppendTrailer(ResponseStatus.StatusHeader, number);
            http.Response.AppendTrailer(ResponseStatus.MessageHeader, message);
        }
        else
        {
            http.Response.Headers[ResponseStatus.StatusHeader] = number;
            http.Response.Headers[ResponseStatus.MessageHeader] = message;
        }
    }

    /// <summary>The HTTP status for what is not a gRPC call at all; null for what is.</summary>
    private static int? Refusal(HttpRequest request) => request switch
    {
        _ when !IsGrpc(request.ContentType ?? "") => StatusCodes.Status415UnsupportedMediaType,
        { Method: not "POST" } => StatusCodes.Status405MethodNotAllowed,
        _ when !HttpProtocol.IsHttp2(request.Protocol) => StatusCodes.Status426UpgradeRequired,
        _ => null,
    };

    /// <summary>application/grpc, also with +proto or parameters, but not grpc-web.</summary>
    private static bool IsGrpc(string type) =>
        type.StartsWith(MediaType, StringComparison.OrdinalIgnoreCase)
        && (type.Length == MediaType.Length || type[MediaType.Length] == ';' || type[MediaType.Length..].StartsWith("+proto", StringComparison.OrdinalIgnoreCase));

    private static bool TryDeadline(HttpRequest request, out TimeSpan? deadline)
    {
        deadline = null;
        return request.Headers[GrpcTimeout.Header] is not [{ } text] || GrpcTimeout.TryParse(text, out deadline);
    }

    /// <summary>A stream may be silent and last for days; what one message may cost is limited where it is read.</summary>
    private static void LiftLimits(HttpContext http)
    {
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } requests)
            requests.MinDataRate = null;
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } responses)
            responses.MinDataRate = null;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
    }

    private static ILogger LoggerOf(HttpContext http) =>
        http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("ClusterMesh.Mesh.Grpc");
}
