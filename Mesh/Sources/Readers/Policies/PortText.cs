using System.Globalization;

namespace ClusterMesh.Mesh.Sources.Readers.Policies;

/// <summary>A port written as a number or as a name (IANA's rule for service names, as Kubernetes has it).</summary>
internal static class PortText
{
    public static bool IsName(string text) =>
        text.Length is >= 1 and <= 15 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-') && text.Any(char.IsAsciiLetter)
        && text[0] != '-' && text[^1] != '-' && !text.Contains("--", StringComparison.Ordinal);

    public static bool TryNumber(string text, out ushort port)
    {
        port = 0;
        return (text == "0" || !text.StartsWith('0')) && ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
    }
}
