using ClusterMesh.Mesh.Clusters.Reading;
using ClusterMesh.Mesh.Clusters.State;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Clusters.Mirror;

/// <summary>
/// What the mirror in our etcd holds, and what of the remote is still to be written there. The bytes of a value are held only
/// until they are written. What comes while the mirror is not open is not kept: the remote is then read once more. Thread-safe.
/// </summary>
internal sealed class MirrorState(MirrorKeys keys, Action wake, Action listAgain) : IRemoteTap
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MirroredKey>[] _held = [.. RemoteParts.All.Select(_ => new Dictionary<string, MirroredKey>(StringComparer.Ordinal))];
    private readonly HashSet<string>?[] _listing = new HashSet<string>?[RemoteParts.All.Length];
    private readonly bool[] _listed = new bool[RemoteParts.All.Length];
    private readonly Dictionary<string, PendingWrite> _pending = new(StringComparer.Ordinal);
    private ClusterConfigRecord? _config;
    private ReadOnlyMemory<byte>? _heartbeat;
    private bool _open, _missed;

    /// <summary>Begins anew with what the mirror holds, and has the remote listed if that was missed.</summary>
    public void Open(IReadOnlyDictionary<RemotePart, Dictionary<string, MirroredKey>> held)
    {
        bool missed;
        lock (_gate)
        {
            foreach (var part in RemoteParts.All) (_held[(int)part], _listing[(int)part], _listed[(int)part]) = (held[part], null, false);
            _pending.Clear();
            (missed, _open, _missed) = (_missed, true, false);
        }

        if (missed) listAgain();
    }

    /// <summary>Whoever wrote has lost the mirror.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _pending.Clear();
            (_open, _missed) = (false, true);
        }
    }

    /// <summary>All that is to be written now. Counts as written: if it cannot be, the mirror is closed.</summary>
    public MirrorRound Take()
    {
        lock (_gate)
        {
            var writes = _pending.Values.Select(write => write with { Lease = LeaseOf(write) }).ToList();
            _pending.Clear();
            foreach (var write in writes)
            {
                if (write.Value is { } value) _held[(int)write.Part][write.Key] = new(ValueHash.Of(value.Span), write.Lease);
                else _held[(int)write.Part].Remove(write.Key);
            }

            return new(_config, _heartbeat, writes, [.. RemoteParts.All.Where(part => _listed[(int)part])]);
        }
    }

    /// <summary>The key is on that lease now; <see cref="MirroredKey.Refused"/> where etcd does not take the value.</summary>
    public void Leased(PendingWrite write, long lease)
    {
        lock (_gate)
        {
            if (_held[(int)write.Part].TryGetValue(write.Key, out var held)) _held[(int)write.Part][write.Key] = held with { Lease = lease };
        }
    }

    /// <summary>Whether the key should be in the mirror.</summary>
    public bool Holds(RemotePart part, string key)
    {
        lock (_gate) return _held[(int)part].ContainsKey(key);
    }

    public void Accepted(ClusterConfigRecord config)
    {
        lock (_gate)
        {
            // Under another id nothing of the old lists counts.
            if (_config is { } before && before.Id != config.Id) Array.Clear(_listed);
            _config = config;
        }

        wake();
    }

    public void Beats(ReadOnlyMemory<byte> heartbeat)
    {
        lock (_gate) _heartbeat = heartbeat;
        wake();
    }

    public void ListBegins(RemotePart part)
    {
        lock (_gate) _listing[(int)part] = IsMissed() ? null : new(StringComparer.Ordinal);
    }

    public void Puts(RemotePart part, string name, ReadOnlyMemory<byte> value)
    {
        var key = keys.Key(part, name);
        lock (_gate)
        {
            if (IsMissed()) return;
            _listing[(int)part]?.Add(key);
            if (_held[(int)part].TryGetValue(key, out var held) && held.Lease != 0 && held.Hash == ValueHash.Of(value.Span)) _pending.Remove(key);
            else _pending[key] = new(part, key, value);
        }

        wake();
    }

    public void Keeps(RemotePart part, string name)
    {
        lock (_gate) _listing[(int)part]?.Add(keys.Key(part, name));
    }

    public void Deletes(RemotePart part, string name)
    {
        lock (_gate)
        {
            if (IsMissed()) return;
            Delete(part, keys.Key(part, name));
        }

        wake();
    }

    public void ListEnds(RemotePart part)
    {
        lock (_gate)
        {
            if (IsMissed() || _listing[(int)part] is not { } seen) return;
            foreach (var key in _held[(int)part].Keys.Concat(_pending.Values.Where(write => write.Part == part).Select(write => write.Key)).Where(key => !seen.Contains(key)).ToList()) Delete(part, key);
            (_listing[(int)part], _listed[(int)part]) = (null, true);
        }

        wake();
    }

    public void RevokesServices()
    {
        lock (_gate)
        {
            if (IsMissed()) return;
            foreach (var key in _held[(int)RemotePart.Services].Keys.ToList()) Delete(RemotePart.Services, key);
        }

        wake();
    }

    private void Delete(RemotePart part, string key)
    {
        if (_held[(int)part].ContainsKey(key)) _pending[key] = new(part, key, null);
        else _pending.Remove(key);
    }

    private long LeaseOf(PendingWrite write) => Math.Max(0, _held[(int)write.Part].GetValueOrDefault(write.Key).Lease);

    private bool IsMissed()
    {
        if (!_open) _missed = true;
        return !_open;
    }
}
