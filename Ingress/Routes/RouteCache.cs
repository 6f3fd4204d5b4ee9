using System.Collections.Immutable;
using ClusterMesh.Ingress.Tls;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Ingress.Routes;

/// <summary>
/// Hands out last time's route where nothing it was made of changed, or where this time's is equal: a change of one Ingress
/// among thousands costs a look-up for each of the others, and the proxy keeps what it made of them.
/// </summary>
internal sealed class RouteCache
{
    private Dictionary<ParsedPath, Made> _last = new(ReferenceEqualityComparer.Instance);

    public ImmutableArray<RouteModel> Build(
        IEnumerable<RouteDraft> drafts, RouteBuilder routes, IReadOnlyDictionary<ObjectKey, ServiceModel> services, TlsHosts tls)
    {
        var next = new Dictionary<ParsedPath, Made>(_last.Count, ReferenceEqualityComparer.Instance);
        var built = ImmutableArray.CreateBuilder<RouteModel>(_last.Count);
        foreach (var draft in drafts)
        {
            var path = draft.Path;
            var service = services.GetValueOrDefault(new(draft.Owner.Key.Namespace, path.Backend.Service ?? ""))?.Object;
            var hasTls = tls.Contains(path.Host);
            _last.TryGetValue(path, out var last);
            var model = last is not null && last.IsOf(draft, service, hasTls) ? last.Model : Equal(last, routes.Build(draft));
            next[path] = new(draft.Owner, service, hasTls, model, draft.Canaries.Count == 0);
            built.Add(model);
        }

        _last = next;
        return built.ToImmutable();
    }

    private static RouteModel Equal(Made? last, RouteModel built) => last?.Model.Equals(built) == true ? last.Model : built;

    private sealed record Made(ParsedIngress Owner, ServiceObject? Service, bool HasTls, RouteModel Model, bool Alone)
    {
        // A route with canaries, or with a broken backend, is built each time: its problems have to be told again.
        public bool IsOf(RouteDraft draft, ServiceObject? service, bool hasTls) =>
            Alone && draft.Canaries.Count == 0 && Model.Split.Targets[0].Port is not null
            && ReferenceEquals(Owner, draft.Owner) && ReferenceEquals(Service, service) && HasTls == hasTls;
    }
}
