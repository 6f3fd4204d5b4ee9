namespace ClusterMesh.Mesh.Grpc;

/// <summary>
/// A call ended with another status than OK. A server's handler throws it to end its call with that status and text; any
/// other exception of a handler becomes UNKNOWN, without its text.
/// </summary>
/// <param name="detail">What the other side said, or what the connection did.</param>
public sealed class GrpcException(GrpcStatus status, string detail, Exception? inner = null)
    : Exception($"{detail} ({status})", inner)
{
    public GrpcStatus Status { get; } = status;

    public string Detail { get; } = detail;

    /// <summary>What came between us and the server, if the status is not the server's own word.</summary>
    public GrpcBreak Break { get; init; }
}

/// <summary>How a call failed below gRPC.</summary>
public enum GrpcBreak
{
    /// <summary>It did not: the server answered.</summary>
    None,

    /// <summary>No connection came about: the server has surely not seen the call, so that it may be made again.</summary>
    NotSent,

    /// <summary>The TLS handshake failed, on their side or on ours; the call was not seen.</summary>
    Tls,

    /// <summary>A message is over our own limit, one that we were to send or one that came.</summary>
    TooLarge,

    /// <summary>The connection broke during the call; whether the server did what it was asked is unknown.</summary>
    Broken,
}
