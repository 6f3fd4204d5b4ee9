using ClusterMesh.Mesh.Status;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Proxy.Explain;

/// <summary>Method, host and path as the pipeline reads them from a connection.</summary>
/// <param name="Caller">The pod that asks; null at the edge.</param>
internal sealed record ExplainedRequest(string Method, string Scheme, string Host, string Path, string Query, IHeaderDictionary Headers, ExplainCaller? Caller)
{
    /// <summary>The request as the pipeline would see it; null when the URL is not one.</summary>
    public static ExplainedRequest? Parse(ExplainRequest request)
    {
        if (!Uri.TryCreate(request.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0) return null;
        IHeaderDictionary headers = new HeaderDictionary();
        foreach (var (name, value) in request.Headers ?? []) headers.Append(name, value);
        var host = headers.Host.Count > 0 ? new HostString(headers.Host.ToString()) : new HostString(url.Authority);
        var rest = request.Url[(request.Url.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var target = rest.IndexOfAny(['/', '?']) is >= 0 and var at ? rest[at..].Split('#')[0] : "/";
        var mark = target.IndexOf('?');
        return new(
            request.Method.ToUpperInvariant(), url.Scheme, host.Host, mark < 0 ? target : target[..mark], mark < 0 ? "" : target[mark..], headers, request.Caller);
    }
}
