using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Routes;

/// <summary>What one Ingress asks of all its routes; protocol and redirect are settled per route, by its service and host.</summary>
/// <param name="Protocol">Null = as the service's port says.</param>
/// <param name="RedirectWithTls">ssl-redirect.</param>
/// <param name="RedirectAlways">force-ssl-redirect.</param>
/// <param name="StickyBy">split-by: how a split over canaries sticks.</param>
internal sealed record PolicyTemplate(
    RoutePolicy Base, BackendProtocol? Protocol, bool RedirectWithTls, bool RedirectAlways, HashKey? StickyBy)
{
    // Routes of one Ingress mostly share one policy: made once, kept with the Ingress (one thread compiles).
    private readonly List<RoutePolicy> _made = [];

    public RoutePolicy For(string? appProtocol, bool hostHasTls)
    {
        var protocol = Protocol ?? BackendProtocols.Of(appProtocol);
        var redirect = RedirectAlways ? HttpsRedirect.Always : RedirectWithTls && hostHasTls ? HttpsRedirect.WhenTls : HttpsRedirect.Never;
        foreach (var policy in _made)
        {
            if (policy.Protocol == protocol && policy.HttpsRedirect == redirect)
                return policy;
        }
        _made.Add(Base with { Protocol = protocol, HttpsRedirect = redirect });
        return _made[^1];
    }
}
