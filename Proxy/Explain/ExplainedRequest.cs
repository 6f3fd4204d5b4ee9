using System.Net;
using ClusterMesh.Mesh.Status;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Explain;

/// <summary>Method, host and path as the pipeline reads them from a connection.</summary>
/// <param name="Host">Without port.</param>
/// <param name="Authority">With the port, if one was given.</param>
/// <param name="Caller">The pod that asks; null at the edge.</param>
/// <param name="Asked">Where it connects to; null at the edge.</param>
internal sealed record ExplainedRequest(string Method, string Scheme, string Host, string Authority, string Path, string Query, IHeaderDictionary Headers, ExplainCaller? Caller, IPEndPoint? Asked)
{
    /// <summary>The request as the pipeline would see it; null when the URL is not one, or the caller's destination no address.</summary>
    public static ExplainedRequest? Parse(ExplainRequest request)
    {
        if (!Uri.TryCreate(request.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0) return null;
        IPEndPoint? asked = null;
        if (request.Caller is { } caller && !IPEndPoint.TryParse(caller.Asked, out asked)) return null;
        IHeaderDictionary headers = new HeaderDictionary();
        foreach (var (name, value) in request.Headers ?? []) headers.Append(name, value);
        var host = headers.Host.Count > 0 ? new HostString(headers.Host.ToString()) : new HostString(url.Authority);
        var rest = request.Url[(request.Url.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var target = rest.IndexOfAny(['/', '?']) is >= 0 and var at ? rest[at..].Split('#')[0] : "/";
        var mark = target.IndexOf('?');
        return new(
            request.Method.ToUpperInvariant(), url.Scheme, host.Host, host.Value ?? "", mark < 0 ? target : target[..mark], mark < 0 ? "" : target[mark..], headers, request.Caller, asked);
    }
}
