using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Sources.Manifests;

/// <summary>
/// All objects of one kind, in the order of their files and documents; of equal keys the first. While the objects are the
/// same ones its collections stay the same ones too.
/// </summary>
internal sealed class KindIndex<T> where T : KubernetesObject
{
    private List<Placed> _last = [];
    private List<Placed> _seen = [];
    private List<(int Second, int First)> _doubles = [];

    public Dictionary<ObjectKey, T> ByKey { get; private set; } = [];

    public IReadOnlyList<T> All { get; private set; } = [];

    public void Begin()
    {
        (_last, _seen) = (_seen, _last);
        _seen.Clear();
    }

    public void Add(T read, ObjectPlace place) => _seen.Add(new Placed(read, place));

    /// <summary>True when the objects are not those of the last time.</summary>
    public bool End()
    {
        if (IsSameAsLast())
            return false;
        var first = new Dictionary<ObjectKey, int>(_seen.Count);
        _doubles = [];
        var (byKey, all) = (new Dictionary<ObjectKey, T>(_seen.Count), new List<T>(_seen.Count));
        for (var at = 0; at < _seen.Count; at++)
        {
            var read = _seen[at].Object;
            if (byKey.TryAdd(read.Key, read))
            {
                first.Add(read.Key, at);
                all.Add(read);
            }
            else
            {
                _doubles.Add((at, first[read.Key]));
            }
        }

        (ByKey, All) = (byKey, all);
        return true;
    }

    public IEnumerable<Problem> Doubles(string cluster) =>
        from pair in _doubles
        let second = _seen[pair.Second]
        let first = _seen[pair.First].Place
        select new Problem(
            cluster,
            $"{second.Object.Kind} {second.Object.Key}",
            "",
            $"is already there in {first.Short}",
            $"the one in {first.Short} is used",
            second.Place.Full);

    private bool IsSameAsLast()
    {
        if (_seen.Count != _last.Count)
            return false;
        for (var at = 0; at < _seen.Count; at++)
        {
            if (!ReferenceEquals(_seen[at].Object, _last[at].Object))
                return false;
        }

        return true;
    }

    private readonly record struct Placed(T Object, ObjectPlace Place);
}

/// <summary>Where an object stands; put into words only when there is something to say.</summary>
internal readonly record struct ObjectPlace(string Path, ManifestDocument Document, int Line)
{
    public string Short => $"{Path} document {Document.Source.Number}";

    public string Full => Document.Where(Path, Line);
}
