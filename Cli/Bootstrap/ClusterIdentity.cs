using System.Text.RegularExpressions;
using ClusterMesh.Mesh.Identity;

namespace ClusterMesh.Cli.Bootstrap;

/// <summary>A cluster's name and id in the mesh (cilium.md 1.1): both must be its own alone, and stay for its life.</summary>
internal sealed partial record ClusterIdentity(string Name, int Id)
{
    private const int MaxName = 32;

    /// <summary>Null when others would take it.</summary>
    public static string? NameError(string name) => name switch
    {
        "default" => "'default' is the name of clusters that are not in a mesh: choose another",
        { Length: > MaxName } => $"cluster name '{name}' is longer than {MaxName} characters",
        _ when !NamePattern().IsMatch(name) => $"cluster name '{name}' is not of a-z, 0-9 and, inside, -",
        _ => null,
    };

    /// <summary>Null when others would take it.</summary>
    public static string? IdError(int id) =>
        id is >= NumericIdentity.MinClusterId and <= NumericIdentity.MaxClusterId
            ? null
            : $"cluster id {id} is not in {NumericIdentity.MinClusterId}..{NumericIdentity.MaxClusterId}";

    [GeneratedRegex(@"^([a-z0-9][-a-z0-9]*)?[a-z0-9]\z")]
    private static partial Regex NamePattern();
}
