using ClusterMesh.Mesh.Telemetry;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Edge;

/// <summary>What the proxy answers itself. gRPC callers get a gRPC status, as HTTP statuses say nothing to them.</summary>
internal static class LocalReply
{
    public static int Status(EndReason reason) => reason switch
    {
        EndReason.BadRequest => StatusCodes.Status400BadRequest,
        EndReason.BodyTooLarge => StatusCodes.Status413PayloadTooLarge,
        EndReason.NoRoute => StatusCodes.Status404NotFound,
        EndReason.NoBackend => StatusCodes.Status503ServiceUnavailable,
        EndReason.Timeout => StatusCodes.Status504GatewayTimeout,
        EndReason.ClientGone => 499,
        EndReason.PolicyDenied => StatusCodes.Status403Forbidden,
        EndReason.InternalError or EndReason.BrokenRoute => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status502BadGateway,
    };

    public static async ValueTask SendAsync(HttpContext context, EndReason reason, string text)
    {
        var response = context.Response;
        if (response.HasStarted) return;
        response.Clear();
        // What is left of such a request is not worth reading, or not safe to.
        if (reason is (EndReason.BadRequest or EndReason.BodyTooLarge) && !HttpProtocol.IsHttp2(context.Request.Protocol)) response.Headers.Connection = "close";
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true)
        {
            response.ContentType = "application/grpc";
            response.Headers["grpc-status"] = reason switch { EndReason.NoRoute => "12", EndReason.Timeout => "4", EndReason.BadRequest => "13", EndReason.BodyTooLarge => "8", EndReason.PolicyDenied => "7", _ => "14" };
            response.Headers["grpc-message"] = Uri.EscapeDataString(text);
            return;
        }

        response.StatusCode = Status(reason);
        response.ContentType = "text/plain; charset=utf-8";
        response.ContentLength = text.Length + 1;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
