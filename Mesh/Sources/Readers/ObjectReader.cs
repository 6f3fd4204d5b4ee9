using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources.Readers.HttpRoutes;
using ClusterMesh.Mesh.Sources.Readers.Policies;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers;

/// <summary>Reads one object of a known kind.</summary>
internal static class ObjectReader
{
    /// <summary>What was read, which is as good as nothing when it has errors (the findings then say which), except for a policy.</summary>
    public static (KubernetesObject? Object, bool Failed) Read(MapNode node, string apiVersion, string kind, string path, List<Finding> findings)
    {
        var reading = new ObjectReading(findings) { HidesValues = kind == "Secret" };
        var root = reading.Root(node, path);
        reading.Subject = MetaReader.NameOf(root, Kinds.IsNamespaced(kind)) is { } name ? $"{kind} {name}" : null;
        var read = Typed(root, apiVersion, kind);
        return (read, reading.Failed);
    }

    private static KubernetesObject? Typed(Field root, string apiVersion, string kind) => kind switch
    {
        "Service" => ServiceReader.Read(root),
        "Namespace" => NamespaceReader.Read(root),
        "Node" => NodeReader.Read(root),
        "Pod" => PodReader.Read(root),
        "Secret" => SecretReader.Read(root),
        "EndpointSlice" => EndpointSliceReader.Read(root, beta: apiVersion.EndsWith("v1beta1", StringComparison.Ordinal)),
        "Ingress" => IngressReader.Read(root),
        "IngressClass" => IngressClassReader.Read(root),
        "HTTPRoute" => HttpRouteReader.Read(root),
        "ReferenceGrant" => ReferenceGrantReader.Read(root),
        "NetworkPolicy" => NetworkPolicyReader.Read(root),
        "CiliumNetworkPolicy" => CiliumPolicyReader.Read(root),
        "CiliumClusterwideNetworkPolicy" => CiliumPolicyReader.ReadClusterwide(root),
        "CiliumCIDRGroup" => CidrGroupReader.Read(root),
        _ => null,
    };
}
