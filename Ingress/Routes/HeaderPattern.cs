using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace ClusterMesh.Ingress.Routes;

/// <summary>canary-by-header-pattern: matched in linear time, whatever a client sends.</summary>
internal static class HeaderPattern
{
    public static bool TryCompile(string pattern, [NotNullWhen(true)] out Regex? regex, [NotNullWhen(false)] out string? why)
    {
        (regex, why) = (null, null);
        try
        {
            regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return true;
        }
        catch (NotSupportedException)
        {
            why = "it needs backtracking (look-around, back reference) or is too large";
        }
        catch (RegexParseException e)
        {
            why = $"its syntax is wrong at offset {e.Offset} ({e.Error})";
        }
        return false;
    }
}
