using System.Text.Json;

namespace ClusterMesh.Mesh.Clusters.Reading;

/// <summary>
/// One string for all the times that a port's name, a zone or a namespace comes. Holds a bounded number; what comes after that,
/// or is long, is a string of its own. One thread at a time.
/// </summary>
internal sealed class StringPool
{
    private const int MaxStrings = 16_384, MaxLength = 128;

    private readonly HashSet<string> _strings = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    public StringPool() => _bySpan = _strings.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The reader's string or property name.</summary>
    public string Take(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > MaxLength) return reader.GetString()!;
        Span<char> text = stackalloc char[MaxLength];
        return Take(text[..reader.CopyString(text)]);
    }

    public string Take(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return "";
        if (_bySpan.TryGetValue(text, out var known)) return known;
        var made = text.ToString();
        if (_strings.Count < MaxStrings && made.Length <= MaxLength) _strings.Add(made);
        return made;
    }

    public string? Share(string? text) => text is null ? null : Take(text);
}
