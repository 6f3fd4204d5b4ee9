using System.Collections.Frozen;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Publish.Export;

/// <summary>Which namespaces take part in the mesh (cilium.md 1.6): their own annotation says so, else the cluster's default.</summary>
internal sealed class GlobalNamespaces(IReadOnlyList<NamespaceObject> namespaces, bool byDefault)
{
    public const string Annotation = "clustermesh.cilium.io/global";

    private readonly FrozenDictionary<string, NamespaceObject> _known = namespaces.DistinctBy(space => space.Key.Name).ToFrozenDictionary(space => space.Key.Name);

    public bool Contains(string name) => _known.GetValueOrDefault(name)?.Meta.Annotation(Annotation)?.ToLowerInvariant() switch
    {
        "true" => true,
        "false" => false,
        _ => byDefault,
    };

    public IReadOnlyDictionary<string, string> LabelsOf(string name) => _known.GetValueOrDefault(name)?.Meta.Labels ?? ObjectMeta.None;
}
