using ClusterMesh.Mesh.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClusterMesh.Proxy.Edge;

/// <summary>
/// Refuses what two readers could read in two ways (peers.md section 4), and finds the one path that is matched and forwarded.
/// What Kestrel refuses already (bad tokens, two Hosts, unknown transfer codings, limits) is not repeated here.
/// </summary>
internal static class RequestGate
{
    /// <summary>Null = pass, with path and query set; else why the request is refused.</summary>
    public static string? Refuse(HttpContext context, out string path, out string query)
    {
        var request = context.Request;
        (path, query) = ("/", "");
        if (request.Headers.TransferEncoding.Count > 0 && request.Headers.ContainsKey("X-Content-Length")) return "Content-Length and Transfer-Encoding together";
        if (!request.Host.HasValue) return "no Host";
        if (!HostIsClean(request.Host.Value)) return "Host is not a host name";
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
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
        return query.AsSpan().ContainsAnyInRange('\0', ' ') || query.Contains('#') ? "the query is not valid" : null;
    }

    private static bool HostIsClean(string host)
    {
        foreach (var c in host)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or ':' or '_' or '[' or ']')) return false;
        }

        return true;
    }
}
