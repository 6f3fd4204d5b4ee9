using System.Text.RegularExpressions;

namespace ClusterMesh.Agent.Flows;

/// <summary>Values of the filters that are about requests, as Hubble takes them; null: it is none.</summary>
internal static class HttpFilters
{
    private const int LongestMethod = 32;

    public static string? Method(string text) => text.Length <= LongestMethod && text.All(sign => char.IsAsciiLetter(sign) || sign is '-' or '_') ? text : null;

    /// <summary>Found anywhere in the path, in a time that grows with its length only: who asks must not be able to stall the agent.</summary>
    public static Regex? Path(string text)
    {
        try
        {
            return new(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>How a status begins: "404" is all of it, "5+" and "50+" are what begins so.</summary>
    public static string? Status(string text)
    {
        var begin = text.EndsWith('+') ? text[..^1] : text;
        var fits = begin.Length == 3 ? begin == text : begin.Length is 1 or 2 && begin != text;
        return fits && begin[0] is >= '1' and <= '5' && begin.All(char.IsAsciiDigit) ? begin : null;
    }

    public static string? TraceId(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigit) ? text.ToLowerInvariant() : null;
}
