using System.Text.RegularExpressions;

namespace ClusterMesh.Mesh.Clusters;

/// <summary>Cilium's rules for the name of a cluster (cilium.md 1.1).</summary>
public static partial class ClusterName
{
    /// <summary>Why the name cannot be one, or null.</summary>
    public static string? Refusal(string name) => name switch
    {
        "" => "a cluster's name is not empty",
        { Length: > 32 } => $"a cluster's name has at most 32 characters, not {name.Length}",
        "default" => "\"default\" is what Cilium calls a cluster outside any mesh",
        _ => Rule().IsMatch(name) ? null : "a cluster's name consists of lower-case letters, digits and '-', and begins and ends with a letter or digit",
    };

    [GeneratedRegex("^([a-z0-9][-a-z0-9]*)?[a-z0-9]\\z", RegexOptions.NonBacktracking)]
    private static partial Regex Rule();
}
