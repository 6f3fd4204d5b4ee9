using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers;

/// <summary>Reads one object of a known kind.</summary>
internal static class ObjectReader
{
    /// <summary>Null when the object is not used; the findings then say why, except for a Secret of another type.</summary>
    public static KubernetesObject? Read(MapNode node, string apiVersion, string kind, string path, List<Finding> findings)
    {
        var reading = new ObjectReading(findings) { HidesValues = kind == "Secret" };
        var root = reading.Root(node, path);
        reading.Subject = MetaReader.NameOf(root, Kinds.IsNamespaced(kind)) is { } name ? $"{kind} {name}" : null;
        var read = Typed(root, apiVersion, kind);
        return reading.Failed ? null : read;
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
        _ => null,
    };
}
