using System.Buffers;
using ClusterMesh.Mesh.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClusterMesh.Proxy.Edge;

/// <summary>
/// Refuses what two readers could read in two ways (peers.md section 4), and finds the one path that is matched and forwarded.
/// What Kestrel refuses already (two Hosts, two lengths, broken chunks, limits) is not repeated here.
/// </summary>
internal static class RequestGate
{
    private static readonly SearchValues<char> s_method = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ-_");
    private static readonly SearchValues<char> s_host = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-:_[]");

    /// <summary>Null = pass, with path and query set; else why the request is refused.</summary>
    public static string? Refuse(HttpContext context, out string path, out string query)
    {
        (path, query) = ("/", "");
        var request = context.Request;
        return RefuseMethod(context) ?? RefuseFraming(request) ?? RefuseHost(request.Host)
            ?? RefuseTarget(context.Features.Get<IHttpRequestFeature>()!.RawTarget, ref path, ref query);
    }

    // HttpClient sends "get" as GET: what is matched would not be what is forwarded. Nobody but a debugger wants TRACE answered.
    private static string? RefuseMethod(HttpContext context)
    {
        var method = context.Request.Method;
        if (method.AsSpan().ContainsAnyExcept(s_method)) return "the method is not valid";
        if (HttpMethods.IsConnect(method) && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true }) return "CONNECT is not for a gateway";
        return HttpMethods.IsTrace(method) ? "TRACE is not for a gateway" : null;
    }

    private static string? RefuseFraming(HttpRequest request)
    {
        var headers = request.Headers;
        if (HttpProtocol.IsHttp2(request.Protocol)) return FieldNames.AreOfHttp1(headers) ? "a field belongs to HTTP/1.1" : null;
        if (headers.Upgrade.Count > 0 && HasBody(request) && OpensTunnel(headers.Upgrade.ToString())) return "a request to upgrade has no body";
        if (headers.TransferEncoding.Count == 0) return null;
        // Kestrel hides a Content-Length beside it under another name, and looks at the last coding alone.
        if (headers.ContainsKey("X-Content-Length")) return "Content-Length and Transfer-Encoding together";
        if (!HttpProtocol.IsHttp11(request.Protocol)) return "Transfer-Encoding before HTTP/1.1";
        return headers.TransferEncoding.Count == 1 && string.Equals(headers.TransferEncoding[0], "chunked", StringComparison.OrdinalIgnoreCase)
            ? null : "Transfer-Encoding is not chunked";
    }

    private static bool HasBody(HttpRequest request) => request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0;

    private static bool OpensTunnel(string upgrade) =>
        upgrade.Equals("websocket", StringComparison.OrdinalIgnoreCase) || upgrade.StartsWith("SPDY/", StringComparison.OrdinalIgnoreCase);

    private static string? RefuseHost(HostString host)
    {
        if (!host.HasValue) return "no Host";
        return host.Value.AsSpan().ContainsAnyExcept(s_host) ? "Host is not a host name" : null;
    }

    private static string? RefuseTarget(string target, ref string path, ref string query)
    {
        if (target == "*") return "OPTIONS * is not for a gateway";
        if (target.Length > 0 && target[0] != '/')
        {
            // absolute-form (RFC 9112 3.2.2): Kestrel has checked that it agrees with Host.
            var authority = target.IndexOf("://", StringComparison.Ordinal);
            var slash = authority < 0 ? -1 : target.IndexOfAny(['/', '?'], authority + 3);
            if (authority < 0) return "the request target is not a path";
            target = slash < 0 ? "/" : target[slash] == '?' ? "/" + target[slash..] : target[slash..];
        }

        var mark = target.IndexOf('?');
        query = mark < 0 ? "" : target[mark..];
        if (RequestPath.Normalize(mark < 0 ? target : target[..mark]) is not { } normal) return "the path is not valid";
        path = normal;
        return query.AsSpan().ContainsAnyInRange('\0', ' ') || query.AsSpan().ContainsAny('#', '\x7f') ? "the query is not valid" : null;
    }
}
