using System.Globalization;
using System.Text;

namespace ClusterMesh.Mesh.Grpc;

/// <summary>The text of grpc-message: UTF-8, where all but printable ASCII, and the percent sign, is written %XX.</summary>
internal static class GrpcMessageText
{
    private const int Longest = 4096;

    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var value in Encoding.UTF8.GetBytes(text.Length > Longest ? text[..Longest] : text))
        {
            if (value is >= 0x20 and <= 0x7e and not (byte)'%')
                encoded.Append((char)value);
            else
                encoded.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    /// <summary>What is not encoded rightly stays as it is: an error text is worth more than its form.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%'))
            return text;
        var bytes = new List<byte>(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '%' && at + 2 < text.Length
                && byte.TryParse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                at += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text, at, 1));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
