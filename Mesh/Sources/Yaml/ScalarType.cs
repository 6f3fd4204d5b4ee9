using System.Text.RegularExpressions;

namespace ClusterMesh.Mesh.Sources.Yaml;

internal enum ScalarType { String, Null, Bool, Number }

/// <summary>The type of an unquoted scalar as kubectl's parser sees it (YAML 1.1: yes, no, on and off are booleans too).</summary>
internal static partial class ScalarTypes
{
    public static ScalarType Of(string text)
    {
        if (text.Length == 0)
            return ScalarType.Null;
        if (text[0] is (>= '0' and <= '9') or '-' or '+' or '.')
            return Number().IsMatch(text) ? ScalarType.Number : ScalarType.String;
        if (text.Length > 5)
            return ScalarType.String;
        return text switch
        {
            "~" or "null" or "Null" or "NULL" => ScalarType.Null,
            _ => BoolOf(text) is null ? ScalarType.String : ScalarType.Bool,
        };
    }

    public static bool? BoolOf(string text) => text switch
    {
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => true,
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => false,
        _ => null,
    };

    [GeneratedRegex(
        @"^[-+]?(0x[0-9a-fA-F_]+|0b[01_]+|0o[0-7_]+|[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|\.[0-9_]+([eE][-+]?[0-9]+)?|\.(inf|Inf|INF))$|^\.(nan|NaN|NAN)$",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
