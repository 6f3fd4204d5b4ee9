using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Mesh.Services;

/// <summary>clustermesh.io/load-balance (p2c, round_robin, random) and clustermesh.io/hash-by (header:NAME, cookie:NAME, query:NAME, client-address, uri, path).</summary>
public static class LoadBalanceAnnotations
{
    private const string Kind = ServiceAnnotations.Prefix + "load-balance", HashBy = ServiceAnnotations.Prefix + "hash-by";

    public static LoadBalance? Read(ServiceObject service, Action<string, string, string> problem)
    {
        if (service.Meta.Annotation(HashBy) is { } by)
        {
            if (HashKey.Parse(by) is { } key) return new(LoadBalanceKind.Hash, key);
            problem(HashBy, $"\"{by}\" is not header:NAME, cookie:NAME, query:NAME, client-address, uri or path", "power of two choices is used");
            return null;
        }

        switch (service.Meta.Annotation(Kind))
        {
            case null: return null;
            case "p2c": return new(LoadBalanceKind.PowerOfTwo);
            case "round_robin": return new(LoadBalanceKind.RoundRobin);
            case "random": return new(LoadBalanceKind.Random);
            case var other:
                problem(Kind, $"\"{other}\" is not p2c, round_robin or random", "power of two choices is used");
                return null;
        }
    }
}
