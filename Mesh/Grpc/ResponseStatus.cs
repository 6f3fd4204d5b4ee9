using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace ClusterMesh.Mesh.Grpc;

/// <summary>How a server's answer says whether the call succeeded: in its trailers, or in its headers where there is nothing else.</summary>
internal static class ResponseStatus
{
    public const string StatusHeader = "grpc-status";
    public const string MessageHeader = "grpc-message";

    /// <summary>Throws for an answer that is only a status, and for one that does not come from a gRPC server.</summary>
    public static void ThrowUnlessGrpc(HttpResponseMessage response)
    {
        if (Find(response.Headers) is { } status && status != GrpcStatus.Ok)
            throw new GrpcException(status, TextOf(response.Headers));
        if (response.StatusCode != HttpStatusCode.OK)
            throw new GrpcException(Of(response.StatusCode), $"HTTP status {(int)response.StatusCode} without a gRPC status");
        if (response.Content.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
            throw new GrpcException(GrpcStatus.Unknown, $"the answer is {response.Content.Headers.ContentType?.MediaType ?? "of no type"}, not application/grpc");
    }

    public static void ThrowUnlessOk(HttpResponseMessage response)
    {
        var trailers = response.TrailingHeaders;
        var status = Find(trailers) ?? Find(response.Headers) ?? throw new GrpcException(GrpcStatus.Internal, "the answer ended without a status");
        if (status != GrpcStatus.Ok)
            throw new GrpcException(status, TextOf(trailers));
    }

    private static GrpcStatus? Find(HttpResponseHeaders headers)
    {
        if (!headers.TryGetValues(StatusHeader, out var values))
            return null;
        return int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Enum.IsDefined((GrpcStatus)number)
            ? (GrpcStatus)number
            : GrpcStatus.Unknown;
    }

    private static string TextOf(HttpResponseHeaders headers) =>
        headers.TryGetValues(MessageHeader, out var values) ? GrpcMessageText.Decode(values.First()) : "";

    /// <summary>grpc/doc/http-grpc-status-mapping.md.</summary>
    private static GrpcStatus Of(HttpStatusCode status) => (int)status switch
    {
        400 => GrpcStatus.Internal,
        401 => GrpcStatus.Unauthenticated,
        403 => GrpcStatus.PermissionDenied,
        404 => GrpcStatus.Unimplemented,
        429 or 502 or 503 or 504 => GrpcStatus.Unavailable,
        _ => GrpcStatus.Unknown,
    };
}
