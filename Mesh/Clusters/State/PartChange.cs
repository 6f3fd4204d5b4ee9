using System.Collections.Immutable;
using ClusterMesh.Mesh.Clusters.Reading;

namespace ClusterMesh.Mesh.Clusters.State;

/// <summary>
/// One step of a part's state: a whole list, after which nothing else is there, or a batch of changes. Aside until it is
/// committed; what did not change keeps its references. A value that is not believed leaves the last good one of its key, unless
/// that was another cluster id's.
/// </summary>
internal sealed class PartChange<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    private readonly PartState<TKey, TValue> _state;
    private readonly IPartReader<TKey, TValue> _reader;
    private readonly int _clusterId;
    private readonly bool _whole;
    private readonly Dictionary<TKey, ulong> _hashes;
    private readonly ImmutableDictionary<TKey, TValue>.Builder _values;
    private readonly HashSet<TKey> _changed;

    public PartChange(PartState<TKey, TValue> state, IPartReader<TKey, TValue> reader, int clusterId, bool whole)
    {
        (_state, _reader, _clusterId, _whole) = (state, reader, clusterId, whole);
        _hashes = whole ? new(state.Hashes.Count, state.Hashes.Comparer) : state.Hashes;
        _values = state.Values.ToBuilder();
        _changed = new(state.Hashes.Comparer);
    }

    /// <summary>What was not believed in this step, by reason.</summary>
    public Dictionary<string, long> Ignored { get; } = [];

    /// <summary>The keys whose values are others now, or more than these; null after a whole list.</summary>
    public IReadOnlyCollection<TKey>? Changed => _whole ? null : _changed;

    /// <param name="name">The key without its prefix.</param>
    public PutOutcome Put(string name, ReadOnlySpan<byte> value)
    {
        if (!_reader.TryKey(name, out var key)) return Ignore(IgnoredReason.BadKey);
        var last = 0UL;
        var known = _state.ClusterId == _clusterId && _state.Hashes.TryGetValue(key, out last);
        if (!known && _hashes.Count >= RemoteLimits.Keys(_state.Part)) return Ignore(IgnoredReason.TooMany);
        var hash = ValueHash.Of(value);
        if (known && hash == last)
        {
            _hashes[key] = hash;
            return PutOutcome.Believed;
        }

        _changed.Add(key);
        var reading = value.Length > RemoteLimits.Value ? Reading<TValue>.Ignore(IgnoredReason.TooLarge) : _reader.Read(key, value);
        if (reading.Ignored is { } reason)
        {
            if (known) _hashes[key] = last;
            else _values.Remove(key);
            Ignore(reason);
            return known ? PutOutcome.KeptLast : PutOutcome.Ignored;
        }

        if (reading.Value is { } read) _values[key] = read;
        else _values.Remove(key);
        _hashes[key] = hash;
        return PutOutcome.Believed;
    }

    public void Delete(string name)
    {
        if (!_reader.TryKey(name, out var key)) return;
        _changed.Add(key);
        _hashes.Remove(key);
        _values.Remove(key);
    }

    /// <summary>True when a value came, changed or went.</summary>
    public bool Commit()
    {
        if (_whole) _values.RemoveRange(_values.Keys.Where(key => !_hashes.ContainsKey(key)).ToList());
        var before = _state.Values;
        _state.Set(_values.ToImmutable(), _hashes, _clusterId);
        return !ReferenceEquals(before, _state.Values);
    }

    private PutOutcome Ignore(string reason)
    {
        Ignored[reason] = Ignored.GetValueOrDefault(reason) + 1;
        return PutOutcome.Ignored;
    }
}

internal enum PutOutcome
{
    Believed,

    /// <summary>Not believed; the last good value of the key stays.</summary>
    KeptLast,

    Ignored,
}
