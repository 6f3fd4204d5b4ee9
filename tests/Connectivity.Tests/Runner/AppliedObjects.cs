using ClusterMesh.Cli.Lab.Manifests;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>What a manifest is about.</summary>
internal static class AppliedObjects
{
    public static List<(string Kind, ObjectKey Key)> In(string yaml) =>
        [.. ManifestReader.ReadText(yaml, "the scenario").Select(ObjectId.Of).Select(id => (id.Kind, id.Key))];
}
