using ClusterMesh.Ingress.Tls;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Routes;

/// <summary>From a draft to the route that the proxy serves by.</summary>
internal sealed class RouteBuilder(SplitBuilder splits, TlsHosts tls)
{
    public RouteModel Build(RouteDraft draft)
    {
        var split = splits.Build(draft, out var appProtocol);
        return new RouteModel
        {
            Name = draft.Path.Name,
            Owner = draft.Owner.Owner,
            OwnerKey = draft.Owner.Key,
            Host = draft.Path.Host,
            Path = draft.Path.Match,
            Split = split,
            Policy = draft.Owner.Policy.For(appProtocol, tls.Contains(draft.Path.Host)),
        };
    }
}
