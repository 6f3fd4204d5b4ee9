namespace ClusterMesh.Mesh.Sources.Yaml;

/// <summary>
/// Cuts a file into its documents without parsing it, so that an unchanged document need not be parsed again. A line that
/// begins with --- or ... followed by white space is a document marker wherever it stands (YAML 1.2, 9.1.2).
/// </summary>
internal static class DocumentSplitter
{
    public const int MaxDocuments = 200_000;

    private static ReadOnlySpan<byte> Bom => [0xef, 0xbb, 0xbf];

    public static List<DocumentText> Split(ReadOnlyMemory<byte> file)
    {
        if (file.Span.StartsWith(Bom))
            file = file[Bom.Length..];
        var documents = new List<DocumentText>();
        var (begin, line, started) = (0, 1, false);
        foreach (var marker in Markers(file))
        {
            if (marker.Begins && !started && OnlyPreamble(file.Span[begin..marker.At]))
            {
                started = true;
                continue;
            }

            Cut(marker.Begins ? marker.At : marker.End);
            started = marker.Begins;
        }

        Cut(file.Length);
        return documents;

        void Cut(int end)
        {
            var text = file[begin..end];
            // What follows the last marker counts as a document only when something is there.
            if (started || !OnlyPreamble(text.Span))
                documents.Add(new DocumentText(text, documents.Count + 1, line));
            if (documents.Count > MaxDocuments)
                throw new YamlRefusedException(line, $"more than {MaxDocuments:N0} documents in one file");
            line += text.Span.Count((byte)'\n');
            begin = end;
        }
    }

    private static IEnumerable<Marker> Markers(ReadOnlyMemory<byte> file)
    {
        for (var at = 0; at < file.Length;)
        {
            var end = LineEnd(file.Span, at);
            if (IsMarker(file.Span[at..end]))
                yield return new Marker(at, end, file.Span[at] == '-');
            at = end;
        }
    }

    private static bool IsMarker(ReadOnlySpan<byte> text) =>
        (text.StartsWith("---"u8) || text.StartsWith("..."u8)) && (text.Length == 3 || text[3] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n');

    private static int LineEnd(ReadOnlySpan<byte> file, int at) => file[at..].IndexOf((byte)'\n') is var end and >= 0 ? at + end + 1 : file.Length;

    /// <summary>Blank lines, comments and directives: they belong to the document whose --- follows.</summary>
    private static bool OnlyPreamble(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var end = LineEnd(text, 0);
            var line = text[..end].Trim(" \t\r\n"u8);
            if (!line.IsEmpty && line[0] is not ((byte)'#' or (byte)'%') && !line.SequenceEqual("..."u8))
                return false;
            text = text[end..];
        }

        return true;
    }

    private readonly record struct Marker(int At, int End, bool Begins);
}

/// <summary>One document as it is written in its file.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Line">The file's line, from 1, where it begins.</param>
internal readonly record struct DocumentText(ReadOnlyMemory<byte> Text, int Number, int Line);
