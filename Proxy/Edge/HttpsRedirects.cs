using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Proxy.Edge;

/// <summary>ssl-redirect and force-ssl-redirect: where a plain request is sent instead (308, as ingress-nginx).</summary>
internal static class HttpsRedirects
{
    public static string? Location(Exchange exchange, EdgeSettings edge)
    {
        var mode = exchange.Route!.Model.Policy.HttpsRedirect;
        if (mode == HttpsRedirect.Never || (mode == HttpsRedirect.WhenTls && edge.HttpsPort is null)) return null;
        var request = exchange.Context.Request;
        if (ForwardedHeaders.Scheme(request, exchange.TrustedPeer) == "https") return null;
        var port = edge.HttpsPort is null or 443 ? "" : $":{edge.HttpsPort}";
        return $"https://{request.Host.Host}{port}{exchange.Path}{exchange.Query}";
    }
}
