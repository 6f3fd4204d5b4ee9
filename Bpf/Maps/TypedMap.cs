using ClusterMesh.Bpf.Libbpf;

namespace ClusterMesh.Bpf.Maps;

/// <summary>A hash, LRU hash or LPM trie, with keys and values of the contract. Safe for use by many threads: the kernel locks.</summary>
public sealed unsafe class TypedMap<TKey, TValue> where TKey : unmanaged where TValue : unmanaged
{
    private readonly BpfMap _map;

    /// <exception cref="InvalidOperationException">The map's keys or values have other sizes.</exception>
    internal TypedMap(BpfMap map)
    {
        if (map.Shape.KeySize != sizeof(TKey) || map.Shape.ValueSize != sizeof(TValue))
            throw new InvalidOperationException($"map {map.Name}: keys of {map.Shape.KeySize} and values of {map.Shape.ValueSize} bytes, {typeof(TKey).Name} and {typeof(TValue).Name} have {sizeof(TKey)} and {sizeof(TValue)}");
        _map = map;
    }

    internal BpfMap Map => _map;

    /// <summary>Adds or replaces.</summary>
    /// <exception cref="BpfException">The map is full.</exception>
    public void Update(TKey key, TValue value)
    {
        var error = NativeMap.Update(_map.Descriptor, &key, &value, 0);
        if (error < 0) throw new BpfException($"map {_map.Name}: update {key}", -error);
    }

    public bool TryGet(TKey key, out TValue value)
    {
        fixed (TValue* place = &value)
        {
            var error = NativeMap.Lookup(_map.Descriptor, &key, place);
            if (error is < 0 and not -Errno.NoEntry) throw new BpfException($"map {_map.Name}: look up {key}", -error);
            return error == 0;
        }
    }

    /// <summary>Whether it was there.</summary>
    public bool Delete(TKey key)
    {
        var error = NativeMap.Delete(_map.Descriptor, &key);
        if (error is < 0 and not -Errno.NoEntry) throw new BpfException($"map {_map.Name}: delete {key}", -error);
        return error == 0;
    }

    /// <summary>Many at once. A full map takes those that fit and throws.</summary>
    public void UpdateMany(ReadOnlySpan<TKey> keys, ReadOnlySpan<TValue> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, keys.Length);
        if (keys.IsEmpty) return;
        var count = (uint)keys.Length;
        fixed (TKey* firstKey = keys)
        fixed (TValue* firstValue = values)
        {
            var error = NativeMap.UpdateBatch(_map.Descriptor, firstKey, firstValue, &count, 0);
            if (error == 0) return;
            if (!HasNoBatch(error)) throw new BpfException($"map {_map.Name}: update {keys.Length} entries, {count} done", -error);
        }

        for (var i = 0; i < keys.Length; i++) Update(keys[i], values[i]);
    }

    /// <summary>Many at once; those that are not there are passed over.</summary>
    public void DeleteMany(ReadOnlySpan<TKey> keys)
    {
        while (!keys.IsEmpty)
        {
            var count = (uint)keys.Length;
            fixed (TKey* first = keys)
            {
                var error = NativeMap.DeleteBatch(_map.Descriptor, first, &count, 0);
                if (error == 0) return;
                // The kernel stops at a key that is not there; where it has no batch it has done none.
                var done = error == -Errno.NoEntry ? (int)count : 0;
                if (error != -Errno.NoEntry && !HasNoBatch(error)) throw new BpfException($"map {_map.Name}: delete {keys.Length} entries", -error);
                Delete(keys[done]);
                keys = keys[(done + 1)..];
            }
        }
    }

    /// <summary>All that is there now; what changes meanwhile may be seen or not.</summary>
    public List<KeyValuePair<TKey, TValue>> Read() => BatchRead.TryRead<TKey, TValue>(_map) ?? ReadSingly();

    internal static bool HasNoBatch(int error) => error is -Errno.NotSupported or -Errno.OperationNotSupported or -Errno.Invalid;

    private List<KeyValuePair<TKey, TValue>> ReadSingly()
    {
        var entries = new List<KeyValuePair<TKey, TValue>>();
        TKey previous, next;
        for (var error = NativeMap.NextKey(_map.Descriptor, null, &next); error == 0; error = NativeMap.NextKey(_map.Descriptor, &previous, &next))
        {
            if (TryGet(next, out var value)) entries.Add(new(next, value));
            // A key that vanished makes the kernel start again: never read more than the map can hold.
            if (entries.Count > _map.Shape.MaxEntries) break;
            previous = next;
        }

        return entries;
    }
}
