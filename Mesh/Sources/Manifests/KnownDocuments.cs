using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources.Readers;

namespace ClusterMesh.Mesh.Sources.Manifests;

/// <summary>
/// What was read from a file's earlier versions: the same text need not be parsed again, and the same object stays the same
/// reference, by which those downstream see what did not change.
/// </summary>
internal sealed class KnownDocuments(IReadOnlyList<ManifestDocument> latest, IReadOnlyList<ManifestDocument> good)
{
    private readonly Lazy<Dictionary<UInt128, KubernetesObject>> _objects = new(() => Objects(good, latest));
    private readonly Lazy<Dictionary<int, (ManifestDocument Document, int At)>> _byHash = new(() => ByHash(good, latest));
    private int _next;

    /// <summary>Asked for one document after the other: mostly it is the one that followed the last time too.</summary>
    public ManifestDocument? Find(ReadOnlySpan<byte> text)
    {
        if (_next < latest.Count && latest[_next].HasText(text))
            return latest[_next++];
        if (!_byHash.Value.TryGetValue(ManifestDocument.HashOf(text), out var known) || !known.Document.HasText(text))
            return null;
        _next = known.At + 1;
        return known.Document;
    }

    public KubernetesObject? Find(UInt128 fingerprint) => _objects.Value.GetValueOrDefault(fingerprint);

    private static Dictionary<UInt128, KubernetesObject> Objects(params IReadOnlyList<ManifestDocument>[] versions)
    {
        var objects = new Dictionary<UInt128, KubernetesObject>();
        foreach (var document in versions.SelectMany(version => version))
        {
            foreach (var read in document.Parsed.Objects)
                objects.TryAdd(read.Fingerprint, read.Object);
        }

        return objects;
    }

    private static Dictionary<int, (ManifestDocument Document, int At)> ByHash(params IReadOnlyList<ManifestDocument>[] versions)
    {
        var documents = new Dictionary<int, (ManifestDocument, int)>();
        foreach (var version in versions)
        {
            for (var at = 0; at < version.Count; at++)
                documents.TryAdd(version[at].Hash, (version[at], at));
        }

        return documents;
    }
}
