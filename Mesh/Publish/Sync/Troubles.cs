using System.Collections.Immutable;

namespace ClusterMesh.Mesh.Publish.Sync;

/// <summary>What does not work at the moment, by what it is that does not. Thread-safe.</summary>
public sealed class Troubles
{
    private ImmutableSortedDictionary<string, string> _current = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Current => Volatile.Read(ref _current);

    /// <summary>False when the same is known already.</summary>
    public bool Report(string what, string message)
    {
        var known = Current.TryGetValue(what, out var before) && before == message;
        ImmutableInterlocked.Update(ref _current, (all, pair) => all.SetItem(pair.what, pair.message), (what, message));
        return !known;
    }

    /// <summary>False when there was none.</summary>
    public bool Clear(string what)
    {
        var known = Current.ContainsKey(what);
        ImmutableInterlocked.Update(ref _current, (all, key) => all.Remove(key), what);
        return known;
    }
}
