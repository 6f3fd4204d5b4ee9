using ClusterMesh.Mesh.Sources.Readers;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Manifests;

/// <summary>One content of a file, cut into documents and read.</summary>
internal sealed record ManifestVersion(IReadOnlyList<ManifestDocument> Documents)
{
    public static readonly ManifestVersion Empty = new([]);

    public bool IsGood => Documents.All(document => !document.Parsed.Findings.Any(finding => finding.IsError));

    public int Objects => Documents.Sum(document => document.Parsed.Objects.Length);

    /// <param name="cores">How many documents may be parsed at a time.</param>
    public static ManifestVersion Read(ReadOnlyMemory<byte> content, ManifestVersion latest, ManifestVersion good, int cores)
    {
        var known = new KnownDocuments(latest.Documents, good.Documents);
        var texts = DocumentSplitter.Split(content);
        var documents = new ManifestDocument[texts.Count];
        var unread = new List<int>();
        for (var at = 0; at < documents.Length; at++)
        {
            // The text is taken anew so that an old version's whole content is not kept for the sake of one document.
            if (known.Find(texts[at].Text.Span) is { } found)
                documents[at] = found with { Source = texts[at] };
            else
                unread.Add(at);
        }

        Parallel.For(0, unread.Count, new ParallelOptions { MaxDegreeOfParallelism = cores }, at => Parse(unread[at]));
        return new ManifestVersion(documents);

        void Parse(int at)
        {
            var text = texts[at].Text.Span;
            documents[at] = new ManifestDocument(texts[at], ManifestDocument.HashOf(text), DocumentReading.Read(text, known.Find));
        }
    }
}
