using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Mesh.Grpc;

/// <summary>One call as its handler sees it.</summary>
public sealed class GrpcServerCall
{
    internal GrpcServerCall(HttpContext http, TimeSpan? deadline, CancellationToken cancelled) =>
        (Http, Deadline, Cancelled) = (http, deadline, cancelled);

    /// <summary>Headers of the request, the connection, and trailers to be sent.</summary>
    public HttpContext Http { get; }

    /// <summary>What the client gave it, from its begin; null = unlimited.</summary>
    public TimeSpan? Deadline { get; }

    /// <summary>The client cancelled or is gone, or the deadline has passed.</summary>
    public CancellationToken Cancelled { get; }
}
