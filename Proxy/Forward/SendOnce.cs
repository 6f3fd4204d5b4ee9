using ClusterMesh.Proxy.Retry;

namespace ClusterMesh.Proxy.Forward;

/// <summary>
/// HttpClient sends a request up to four times by itself when the backend closes the connection without an answer, whatever
/// its method, unless the request has a content. What must not be done twice gets an empty one; it is the same on the wire.
/// </summary>
internal sealed class SendOnce(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is null && request.Version.Major == 1 && !RetryRule.IsIdempotent(request.Method.Method)) request.Content = new ByteArrayContent([]);
        ContentFields.Restore(request);
        return base.SendAsync(request, cancellationToken);
    }
}
