using System.Text.RegularExpressions;

namespace ClusterMesh.Mesh.Patterns;

/// <summary>A user's regular expression of which the whole text must be a match. Linear in the text's length, whatever the pattern.</summary>
public static class WholePattern
{
    /// <summary>Null, and why ("is not a regular expression: ..."), where it is none, is too large, or needs what cannot be done in linear time.</summary>
    public static Regex? TryParse(string pattern, out string? why)
    {
        var syntax = new PatternSyntax(pattern);
        why = syntax.Problem;
        if (why is not null) return null;
        try
        {
            // On its own first: "a)(b" is one only within the parentheses that are put around it.
            _ = new Regex(syntax.Translated, RegexOptions.CultureInvariant);
            return new($@"\A(?:{syntax.Translated})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (RegexParseException exception)
        {
            why = $"is not a regular expression: {exception.Error} at {exception.Offset}";
        }
        catch (NotSupportedException)
        {
            why = "cannot be matched in linear time: no look-around, back references or atomic groups";
        }

        return null;
    }
}
