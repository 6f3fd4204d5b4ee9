using System.Security.Cryptography;
using System.Text;

namespace ClusterMesh.Mesh.Routes.Frontends;

/// <summary>What a route matches, in one line: "/api GET x-env=blue ?v=2". Two that match the same have the same.</summary>
internal static class MatchText
{
    /// <summary>A route's name is a label of metrics: no longer than this.</summary>
    private const int Longest = 100;

    public static string Of(RouteModel route)
    {
        var path = route.Path.Kind switch { PathMatchKind.Exact => $"{route.Path.Value} exact", PathMatchKind.Regex => $"~{route.Path.Value}", _ => route.Path.Value };
        return string.Join(' ', RouteText.Conditions(route).Prepend(path));
    }

    /// <summary>Cut where it is long; still different for different texts.</summary>
    public static string Short(string text) =>
        text.Length <= Longest ? text : $"{text[..Longest]}...{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8]}";
}
