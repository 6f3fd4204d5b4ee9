using System.Runtime.InteropServices;

namespace ClusterMesh.Mesh.Sources.Yaml;

/// <summary>A map in the order it was written. Kubernetes' maps are short, so lookup is linear until they are not.</summary>
internal sealed class MapNode(int line) : Node(line)
{
    private const int Long = 12;
    private readonly List<MapEntry> _entries = [];
    private Dictionary<string, int>? _index;

    public IReadOnlyList<MapEntry> Entries => _entries;

    public Node? this[string key] => Find(key) is var at and >= 0 ? _entries[at].Value : null;

    /// <summary>False when the key is there already.</summary>
    public bool TryAdd(string key, int line, Node value)
    {
        if (Find(key) >= 0)
            return false;
        _entries.Add(new MapEntry(key, line, value));
        _index?.Add(key, _entries.Count - 1);
        if (_index is null && _entries.Count > Long)
            _index = _entries.Select((entry, at) => (entry.Key, at)).ToDictionary(pair => pair.Key, pair => pair.at, StringComparer.Ordinal);
        Hold(value);
        return true;
    }

    public int LineOf(string key) => _entries[Find(key)].Line;

    private int Find(string key)
    {
        if (_index is not null)
            return _index.GetValueOrDefault(key, -1);
        var entries = CollectionsMarshal.AsSpan(_entries);
        for (var at = 0; at < entries.Length; at++)
        {
            if (entries[at].Key == key)
                return at;
        }

        return -1;
    }
}

internal readonly record struct MapEntry(string Key, int Line, Node Value);
