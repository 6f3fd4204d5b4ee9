using ClusterMesh.Mesh.Routes;
using ClusterMesh.Proxy.Edge;
using ClusterMesh.Proxy.Match;

namespace ClusterMesh.Proxy.Filters;

/// <summary>Where a RequestRedirect leads: what it does not name stays as it was asked for.</summary>
internal static class Redirects
{
    public static string Location(Exchange exchange, RequestRedirect redirect)
    {
        var request = exchange.Context.Request;
        var scheme = redirect.Scheme ?? ForwardedHeaders.Scheme(request, exchange.TrustedPeer);
        var port = redirect.Port ?? (redirect.Scheme is null ? exchange.Context.Features.Get<IFrontendFeature>()?.Port ?? request.Host.Port : null);
        var path = PathEditing.Apply(redirect.Path, exchange.Route!.Model.Path, exchange.Path);
        return $"{scheme}://{redirect.Host ?? request.Host.Host}{(port is null || port == WellKnown(scheme) ? "" : $":{port}")}{path}{exchange.Query}";
    }

    private static int WellKnown(string scheme) => scheme == "https" ? 443 : 80;
}
