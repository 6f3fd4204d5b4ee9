using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.MeshBench;

/// <summary>The own cluster: global Services of the same names, without endpoints here, and one Ingress for some of them.</summary>
internal static class LocalServices
{
    public static ClusterObjects Of(string cluster, MeshSize size, int ingresses = 0) => new(cluster)
    {
        Services = Enumerable.Range(0, size.Services).Select(Service).ToDictionary(service => service.Key),
        Ingresses = [.. Enumerable.Range(0, ingresses).Select(Ingress)],
    };

    private static ServiceObject Service(int service) => new(
        new(new("default", ClusterKeys.ServiceName(service)), ObjectMeta.None, new Dictionary<string, string> { ["service.cilium.io/global"] = "true", ["service.cilium.io/affinity"] = "local" }),
        [new("http", 80)], "10.96.0.10");

    private static IngressObject Ingress(int service) => new(
        new(new("default", $"ingress-{service}")), "clustermesh", null, [],
        [new($"s{service}.example", [new("/", IngressPathType.Prefix, new(ClusterKeys.ServiceName(service), PortName: "http"))])]);
}
