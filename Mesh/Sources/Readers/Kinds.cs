namespace ClusterMesh.Mesh.Sources.Readers;

/// <summary>Which kinds are read, of which API versions.</summary>
internal static class Kinds
{
    private static readonly Dictionary<string, string[]> Served = new(StringComparer.Ordinal)
    {
        ["Service"] = ["v1"],
        ["Namespace"] = ["v1"],
        ["Node"] = ["v1"],
        ["Pod"] = ["v1"],
        ["Secret"] = ["v1"],
        ["EndpointSlice"] = ["discovery.k8s.io/v1", "discovery.k8s.io/v1beta1"],
        ["Ingress"] = ["networking.k8s.io/v1"],
        ["IngressClass"] = ["networking.k8s.io/v1"],
        ["NetworkPolicy"] = ["networking.k8s.io/v1"],
        ["CiliumNetworkPolicy"] = ["cilium.io/v2"],
        ["CiliumClusterwideNetworkPolicy"] = ["cilium.io/v2"],
        ["HTTPRoute"] = ["gateway.networking.k8s.io/v1", "gateway.networking.k8s.io/v1beta1"],
        ["ReferenceGrant"] = ["gateway.networking.k8s.io/v1", "gateway.networking.k8s.io/v1beta1"],
        ["CiliumCIDRGroup"] = ["cilium.io/v2", "cilium.io/v2alpha1"],
    };

    private static readonly HashSet<(string, string)> Gone =
    [
        ("extensions/v1beta1", "Ingress"), ("networking.k8s.io/v1beta1", "Ingress"), ("networking.k8s.io/v1beta1", "IngressClass"),
    ];

    public static KindStanding Of(string apiVersion, string kind)
    {
        if (!Served.TryGetValue(kind, out var versions))
            return KindStanding.Unknown;
        if (Array.IndexOf(versions, apiVersion) >= 0)
            return KindStanding.Read;
        if (Gone.Contains((apiVersion, kind)))
            return KindStanding.NotServedAnyMore;
        return IsServedHere(apiVersion) ? KindStanding.NoSuchVersion : KindStanding.Unknown;
    }

    public static string VersionsOf(string kind) => string.Join(" or ", Served[kind]);

    public static bool IsNamespaced(string kind) => kind is not ("Namespace" or "Node" or "IngressClass" or "CiliumClusterwideNetworkPolicy" or "CiliumCIDRGroup");

    /// <summary>serving.knative.dev/v1 may well have a Service of its own; apps/v1 has not. Of Cilium's kinds all versions are Cilium's.</summary>
    private static bool IsServedHere(string apiVersion)
    {
        var group = apiVersion.LastIndexOf('/') is var slash and >= 0 ? apiVersion[..slash] : "";
        return !group.Contains('.') || group == "cilium.io" || group.EndsWith(".k8s.io", StringComparison.Ordinal);
    }
}

internal enum KindStanding { Read, Unknown, NotServedAnyMore, NoSuchVersion }
