using System.Text.RegularExpressions;

namespace ClusterMesh.Mesh.Routes;

/// <summary>A user's regular expression of which the whole text must be a match. Linear in the text's length, whatever the pattern.</summary>
public static class WholePattern
{
    /// <summary>Null, and why, where it is none or needs what cannot be done in linear time.</summary>
    public static Regex? TryParse(string pattern, out string? why)
    {
        why = null;
        try
        {
            // On its own first: "a)(b" is one only within the parentheses that are put around it.
            _ = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return new($"\\A(?:{pattern})\\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            why = exception.Message;
            return null;
        }
    }
}
