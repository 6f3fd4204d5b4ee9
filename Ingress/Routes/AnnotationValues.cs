using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace ClusterMesh.Ingress.Routes;

/// <summary>The small formats that annotations are written in: Go's booleans, numbers, HTTP tokens, nginx' sizes.</summary>
internal static partial class AnnotationValues
{
    /// <summary>What Go's ParseBool takes, since that is what ingress-nginx takes.</summary>
    public static bool TryBool(string text, out bool value)
    {
        value = text is "1" or "t" or "T" or "true" or "TRUE" or "True";
        return value || text is "0" or "f" or "F" or "false" or "FALSE" or "False";
    }

    public static bool TryCount(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>A name of a header or a cookie.</summary>
    public static bool TryToken(string text, out string value)
    {
        value = text;
        return Token().IsMatch(text);
    }

    /// <summary>A part of a Set-Cookie line that must not end the part.</summary>
    public static bool TryCookieAttribute(string text, out string? value)
    {
        value = text;
        return text.Length > 0 && text.All(c => c is > ' ' and < (char)127 and not (';' or ','));
    }

    /// <summary>"8m", "1g", "512k" or bytes; 0 means no limit, here null.</summary>
    public static bool TrySize(string text, out long? value)
    {
        value = null;
        if (text.Length == 0)
            return false;
        var shift = char.ToLowerInvariant(text[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, _ => 0 };
        var digits = shift == 0 ? text : text[..^1];
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > long.MaxValue >> shift)
            return false;
        value = number == 0 ? null : number << shift;
        return true;
    }

    public static bool IsAddress(string host) => IPAddress.TryParse(host, out _);

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+.^_`|~-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
