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

    /// <summary>The config that was accepted last; it stays what it was while the remote is away.</summary>
    public ClusterConfigRecord? Config
    {
        get
        {
            lock (_gate) return _config;
        }
    }

    /// <summary>The newest heartbeat that was not taken yet.</summary>
    public ReadOnlyMemory<byte>? TakeHeartbeat()
    {
        lock (_gate)
        {
            var taken = _heartbeat;
            _heartbeat = null;
            return taken;
        }
    }

    /// <summary>Parts of which all that the remote has is in the mirror.</summary>
    public IReadOnlyList<RemotePart> Complete()
    {
        lock (_gate) return _pending.Count > 0 ? [] : [.. RemoteParts.All.Where(part => _listed[(int)part])];
    }

    /// <summary>The next writes, at most so many and, beyond the first, so many bytes.</summary>
    public IReadOnlyList<PendingWrite> Take(int most, int bytes)
    {
        lock (_gate)
        {
            var taken = new List<PendingWrite>();
            foreach (var write in _pending.Values)
            {
                bytes -= write.Key.Length + (write.Value?.Length ?? 0);
                if (taken.Count == most || (taken.Count > 0 && bytes < 0)) break;
                taken.Add(write);
            }

            foreach (var write in taken) _pending.Remove(write.Key);
            return taken;
        }
    }

    /// <summary>The lease of a key that is in the mirror; 0 = it is not, or on none that is kept alive.</summary>
    public long LeaseOf(PendingWrite write)
    {
        lock (_gate) return _held[(int)write.Part].GetValueOrDefault(write.Key).Lease;
    }

    /// <param name="lease">0 with a value: etcd does not take it, and is not asked again until it changes.</param>
    public void Written(PendingWrite write, long lease)
    {
        lock (_gate)
        {
            if (write.Value is { } value) _held[(int)write.Part][write.Key] = new(ValueHash.Of(value.Span), lease);
            else _held[(int)write.Part].Remove(write.Key);
        }
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
        lock (_gate) _listing[(int)part] = _open ? new(StringComparer.Ordinal) : null;
    }

    public void Puts(RemotePart part, string name, ReadOnlyMemory<byte> value)
    {
        var key = keys.Key(part, name);
        lock (_gate)
        {
            if (IsMissed()) return;
            _listing[(int)part]?.Add(key);
            if (_held[(int)part].TryGetValue(key, out var held) && held.Hash == ValueHash.Of(value.Span)) _pending.Remove(key);
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

    private bool IsMissed()
    {
        if (!_open) _missed = true;
        return !_open;
    }
}

/// <summary>A key of the mirror. Hash: of its bytes. Lease: the one that keeps it, which we keep alive.</summary>
internal readonly record struct MirroredKey(ulong Hash, long Lease);

/// <param name="Value">Null = the key goes.</param>
internal sealed record PendingWrite(RemotePart Part, string Key, ReadOnlyMemory<byte>? Value);
