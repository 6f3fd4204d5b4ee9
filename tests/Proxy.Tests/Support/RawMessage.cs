using System.Globalization;
using System.Text;

namespace ClusterMesh.Proxy.Tests.Support;

/// <summary>An HTTP/1.1 message as its bytes were, read as Latin-1.</summary>
/// <param name="Whole">Its body ended where its framing says so, not by a lost connection.</param>
internal sealed record RawMessage(string StartLine, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body, bool Whole = true)
{
    public int Status => int.Parse(StartLine.Split(' ')[1], CultureInfo.InvariantCulture);

    public string Text => Encoding.Latin1.GetString(Body);

    public bool Chunked => this["Transfer-Encoding"] == "chunked";

    public long? Length => this["Content-Length"] is { } length ? long.Parse(length, CultureInfo.InvariantCulture) : null;

    /// <summary>All values of the header; null when it is not there.</summary>
    public string? this[string name]
    {
        get
        {
            var values = Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).ToArray();
            return values.Length == 0 ? null : string.Join(" | ", values);
        }
    }

    public static RawMessage Parse(string head)
    {
        var lines = head.Split("\r\n");
        return new(lines[0], [.. lines.Skip(1).Where(line => line.Length > 0).Select(Split)], []);
    }

    private static (string, string) Split(string line)
    {
        var colon = line.IndexOf(':');
        return (line[..colon], line[(colon + 1)..].Trim(' ', '\t'));
    }
}
