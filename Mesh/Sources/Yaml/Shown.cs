using System.Text;

namespace ClusterMesh.Mesh.Sources.Yaml;

/// <summary>How a value that a user wrote is shown in a message: short, and on one line.</summary>
internal static class Shown
{
    private const int Longest = 80;

    public static string Text(string text)
    {
        if (text.Length <= Longest && !text.AsSpan().ContainsAnyInRange('\0', '\x1f'))
            return text;
        var shown = new StringBuilder();
        foreach (var letter in text.AsSpan(0, Math.Min(text.Length, Longest)))
            shown.Append(char.IsControl(letter) ? $"\\u{(int)letter:x4}" : letter.ToString());
        return text.Length > Longest ? shown.Append("...").ToString() : shown.ToString();
    }
}
