using ClusterMesh.Mesh.Telemetry;
using ClusterMesh.Proxy.Health;

namespace ClusterMesh.Proxy.Forward;

/// <summary>
/// The forwarding step: sends a request to one backend and, unless the attempt fails before, passes the response on. The seam
/// where a faster HTTP/1.1 client can stand beside YARP.
/// </summary>
internal interface IUpstream
{
    /// <summary>Never throws for what a backend, a client or the network does.</summary>
    ValueTask<AttemptEnd> SendAsync(Exchange exchange, BackendHealth backend, CancellationToken stop);
}

/// <summary>How an attempt ended.</summary>
/// <param name="Status">The backend's status; 0 when it gave none.</param>
/// <param name="Sent">The request may have reached the backend: only an idempotent one may be tried again.</param>
internal readonly record struct AttemptEnd(EndReason Reason, int Status, bool Sent);
