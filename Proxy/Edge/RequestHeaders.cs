using ClusterMesh.Mesh;
using System.Collections.Frozen;
using ClusterMesh.Proxy.Forward;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ClusterMesh.Proxy.Edge;

/// <summary>
/// Copies a request's headers for the backend without those that belong to the connection (RFC 9110 7.6.1): the fixed list, and
/// whatever Connection nominates, which YARP would pass on.
/// </summary>
internal static class RequestHeaders
{
    private static readonly FrozenSet<string> s_ofConnection = FrozenSet.ToFrozenSet(
    [
        HeaderNames.Connection, HeaderNames.KeepAlive, HeaderNames.ProxyConnection, HeaderNames.TransferEncoding, HeaderNames.Upgrade,
        HeaderNames.TE, HeaderNames.ProxyAuthorization, HeaderNames.ProxyAuthenticate, "Proxy-Authentication-Info", "HTTP2-Settings", "ALPN", "Close",
        HeaderNames.AltSvc, "X-Content-Length",
    ], StringComparer.OrdinalIgnoreCase);

    public static void Copy(HttpRequest from, HttpRequestMessage to, bool trustedPeer)
    {
        var replaced = ForwardedHeaders.NotCopied(trustedPeer);
        var nominated = from.Headers.Connection;
        foreach (var (name, values) in from.Headers)
        {
            if (name.StartsWith(':') || s_ofConnection.Contains(name) || replaced.Contains(name)) continue;
            if (ConnectionOptions.Nominates(nominated, name)) continue;
            Add(to, name, values);
        }

        // RFC 9113 8.2.2: "trailers" is the one value of TE that may cross; gRPC needs it.
        if (from.Headers.TE.Count > 0 && from.Headers.GetCommaSeparatedValues(HeaderNames.TE).Contains("trailers", StringComparer.OrdinalIgnoreCase))
        {
            to.Headers.TryAddWithoutValidation(HeaderNames.TE, "trailers");
        }
    }

    public static void Add(HttpRequestMessage to, string name, StringValues values)
    {
        if (values.Count == 1 ? to.Headers.TryAddWithoutValidation(name, values.ToString()) : to.Headers.TryAddWithoutValidation(name, (string?[])values!)) return;
        // HttpClient wants no such name, or wants it with the content.
        if (!HttpToken.IsToken(name)) throw new BadHttpRequestException("a field's name is not valid");
        if (to.Content is null) ContentFields.Keep(to, name, values);
        else to.Content.Headers.TryAddWithoutValidation(name, (string?[])values!);
    }
}
