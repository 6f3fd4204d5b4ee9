using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Sources.Readers;

internal static class IngressClassReader
{
    public static IngressClassObject Read(Field root) =>
        new(MetaReader.Read(root, NameRule.Subdomain, namespaced: false), root["spec"]["controller"].Text() ?? "");
}
