using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Sources.Readers;

internal static class NamespaceReader
{
    public static NamespaceObject Read(Field root) => new(MetaReader.Read(root, NameRule.Label, namespaced: false));
}
