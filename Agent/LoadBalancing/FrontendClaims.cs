using System.Collections.Immutable;
using ClusterMesh.Bpf.Services;
using ClusterMesh.Mesh;

namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>Who wants which frontend. Of several the oldest Service has it; the others wait for it to go. One thread at a time.</summary>
internal sealed class FrontendClaims(string cluster)
{
    // The winner comes first.
    private readonly Dictionary<Frontend, ImmutableArray<KernelFrontend>> _claims = [];
    private readonly HashSet<Frontend> _contested = [];

    /// <summary>Every frontend that somebody wants.</summary>
    public IReadOnlyCollection<Frontend> Frontends => _claims.Keys;

    public KernelFrontend? Winner(Frontend frontend) => _claims.TryGetValue(frontend, out var claims) ? claims[0] : null;

    /// <summary>A service wants other frontends than before, or none.</summary>
    public void Replace(KernelService? before, KernelService? now)
    {
        foreach (var old in before?.Frontends ?? []) Put(old.Frontend, Without(old));
        foreach (var claim in now?.Frontends ?? [])
        {
            var others = _claims.GetValueOrDefault(claim.Frontend, []);
            var at = 0;
            while (at < others.Length && IsBefore(others[at], claim)) at++;
            Put(claim.Frontend, others.Insert(at, claim));
        }
    }

    public IEnumerable<Problem> Conflicts() =>
        from frontend in _contested.OrderBy(frontend => $"{frontend}", StringComparer.Ordinal)
        let claims = _claims[frontend]
        from loser in claims.Skip(1)
        select new Problem(cluster, $"Service {loser.Service.Key}", FieldOf(loser.Type), $"{frontend} is Service {claims[0].Service.Key}'s, who had it first", "it is not served there");

    private ImmutableArray<KernelFrontend> Without(KernelFrontend old) => _claims[old.Frontend].RemoveAll(claim => claim.Service.Key == old.Service.Key);

    private void Put(Frontend frontend, ImmutableArray<KernelFrontend> claims)
    {
        if (claims.Length > 1) _contested.Add(frontend);
        else _contested.Remove(frontend);
        if (claims.IsEmpty) _claims.Remove(frontend);
        else _claims[frontend] = claims;
    }

    private static bool IsBefore(KernelFrontend one, KernelFrontend other)
    {
        if (one.Type != other.Type) return one.Type < other.Type;
        var byAge = Created(one).CompareTo(Created(other));
        return byAge != 0 ? byAge < 0 : one.Service.Key.CompareTo(other.Service.Key) < 0;
    }

    // Without a creation time it counts as newest, as Ingresses do.
    private static DateTimeOffset Created(KernelFrontend claim) => claim.Service.Object.Meta.CreationTimestamp ?? DateTimeOffset.MaxValue;

    private static string FieldOf(FrontendType type) => type switch
    {
        FrontendType.ClusterIP => "spec.clusterIP",
        FrontendType.NodePort => "spec.ports[].nodePort",
        FrontendType.LoadBalancer => "status.loadBalancer",
        _ => "spec.externalIPs",
    };
}
