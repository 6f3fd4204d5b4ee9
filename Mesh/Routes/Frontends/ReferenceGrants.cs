using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Routes.Frontends;

/// <summary>Whether an HTTPRoute may refer to a Service in another namespace: somebody there has to have said so.</summary>
internal sealed class ReferenceGrants(IEnumerable<ReferenceGrantObject> grants)
{
    private const string Group = "gateway.networking.k8s.io", Kind = "HTTPRoute";

    private readonly ILookup<string, ReferenceGrantObject> _byNamespace = grants.ToLookup(grant => grant.Key.Namespace);

    public bool Allow(string from, ObjectKey service) => from == service.Namespace || _byNamespace[service.Namespace].Any(grant =>
        grant.From.Any(who => who == new GrantedFrom(Group, Kind, from))
        && grant.To.Any(to => (to.Group, to.Kind) == ("", "Service") && (to.Name is null || to.Name == service.Name)));
}
