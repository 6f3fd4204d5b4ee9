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
        var text = new StringBuilder();
        text.Append(route.Path.Kind == PathMatchKind.Regex ? "~" : "").Append(route.Path.Value).Append(route.Path.Kind == PathMatchKind.Exact ? " exact" : "");
        foreach (var method in route.Methods) text.Append(' ').Append(method);
        foreach (var header in route.Headers.OrderBy(header => header.Name, StringComparer.OrdinalIgnoreCase))
            text.Append(' ').Append(header.Name.ToLowerInvariant()).Append(Sign(header.Pattern)).Append(header.Value);
        foreach (var query in route.Queries.OrderBy(query => query.Name, StringComparer.Ordinal)) text.Append(" ?").Append(query.Name).Append(Sign(query.Pattern)).Append(query.Value);
        return text.ToString();
    }

    /// <summary>Cut where it is long; still different for different texts.</summary>
    public static string Short(string text) =>
        text.Length <= Longest ? text : $"{text[..Longest]}...{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8]}";

    private static char Sign(object? pattern) => pattern is null ? '=' : '~';
}
