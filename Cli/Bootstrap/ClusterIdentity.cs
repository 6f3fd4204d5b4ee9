using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Identity;

namespace ClusterMesh.Cli.Bootstrap;

/// <summary>A cluster's name and id in the mesh (cilium.md 1.1): both must be its own alone, and stay for its life.</summary>
internal sealed record ClusterIdentity(string Name, int Id)
{
    /// <summary>Null when others would take it.</summary>
    public static string? NameError(string name) => ClusterName.Refusal(name) is { } refusal ? $"cluster name '{name}': {refusal}" : null;

    /// <summary>Null when others would take it.</summary>
    public static string? IdError(int id) =>
        id is >= NumericIdentity.MinClusterId and <= NumericIdentity.MaxClusterId
            ? null
            : $"cluster id {id} is not in {NumericIdentity.MinClusterId}..{NumericIdentity.MaxClusterId}";
}
