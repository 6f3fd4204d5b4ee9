using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Edge;
using ClusterMesh.Proxy.Filters;

namespace ClusterMesh.Proxy.Forward;

/// <summary>The head of what a backend, or a mirror, gets: the client's, but for what belongs to the connection, and with the route's edits.</summary>
internal static class UpstreamRequest
{
    // The path is in its normal form already: what was matched is what is sent, byte for byte.
    private static readonly UriCreationOptions s_asItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <param name="prefix">"http://10.0.0.1:8080".</param>
    /// <param name="edits">The target's own, after the route's.</param>
    public static void Write(Exchange exchange, HttpRequestMessage request, string prefix, HeaderEdits edits)
    {
        var model = exchange.Route!.Model;
        var rewrite = model.Filters.Rewrite;
        var path = rewrite is null ? exchange.Path : PathEditing.Apply(rewrite.Path, model.Path, exchange.Path);
        request.RequestUri = new Uri(string.Concat(prefix, path, exchange.Query), s_asItIs);
        RequestHeaders.Copy(exchange.Context.Request, request, exchange.TrustedPeer);
        ForwardedHeaders.Set(exchange, request);
        if (rewrite?.Host is { } host) request.Headers.Host = host;
        HeaderEditing.Apply(model.Filters.Request, request);
        HeaderEditing.Apply(edits, request);
    }
}
