using ClusterMesh.Mesh.Sources.Readers;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Manifests;

/// <summary>A document with its place in its file; what was read from its text outlives a change of place.</summary>
internal sealed record ManifestDocument(DocumentText Source, int Hash, ParsedDocument Parsed)
{
    public static int HashOf(ReadOnlySpan<byte> text)
    {
        var hash = new HashCode();
        hash.AddBytes(text);
        return hash.ToHashCode();
    }

    public bool HasText(ReadOnlySpan<byte> text) => Source.Text.Span.SequenceEqual(text);

    public string Where(string path, int line) => $"{Shown.Text(path)} document {Source.Number}, line {Source.Line + line - 1}";
}
