using System.Collections.Immutable;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Routes;

/// <summary>Hands out last time's route where this time's is equal, so that the proxy keeps what it made of it.</summary>
internal sealed class RouteCache
{
    private Dictionary<string, RouteModel> _last = new(StringComparer.Ordinal);

    public ImmutableArray<RouteModel> Keep(IEnumerable<RouteModel> built)
    {
        var next = new Dictionary<string, RouteModel>(_last.Count, StringComparer.Ordinal);
        var kept = ImmutableArray.CreateBuilder<RouteModel>(_last.Count);
        foreach (var route in built)
        {
            var same = _last.TryGetValue(route.Name, out var known) && known.Equals(route) ? known : route;
            next[route.Name] = same;
            kept.Add(same);
        }

        _last = next;
        return kept.ToImmutable();
    }
}
