using ClusterMesh.Mesh.Routes;
using static ClusterMesh.Ingress.Routes.AnnotationNames;

namespace ClusterMesh.Ingress.Routes;

/// <summary>How one backend of a service is picked. A hash, where one is asked for, beats load-balance, as in ingress-nginx.</summary>
internal static class LoadBalanceAnnotations
{
    public static LoadBalance? Read(AnnotationReader reader)
    {
        var own = reader.Read<HashKey?>(
            HashBy, HashKeySyntax.TryOwn, null, "header:NAME, cookie:NAME, query:NAME, client-address, uri or path", "nothing is hashed");
        var variable = reader.Read<HashKey?>(
            UpstreamHashBy, HashKeySyntax.TryVariable, null,
            "$request_uri, $uri, $remote_addr, $http_NAME, $cookie_NAME or $arg_NAME alone", "nothing is hashed");
        var picked = reader.Read<LoadBalanceKind?>(
            AnnotationNames.LoadBalance, TryKind, null, "p2c, ewma, round_robin or random", "the service's own choice is used");

        return (own ?? variable) is { } key ? new LoadBalance(LoadBalanceKind.Hash, key)
            : picked is { } kind ? new LoadBalance(kind)
            : null;
    }

    // ewma's aim, the less loaded of two, is what power of two choices does.
    private static bool TryKind(string text, out LoadBalanceKind? kind)
    {
        kind = text switch
        {
            "p2c" or "ewma" => LoadBalanceKind.PowerOfTwo,
            "round_robin" => LoadBalanceKind.RoundRobin,
            "random" => LoadBalanceKind.Random,
            _ => null,
        };
        return kind is not null;
    }
}
