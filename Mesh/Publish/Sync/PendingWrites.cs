namespace ClusterMesh.Mesh.Publish.Sync;

/// <summary>
/// What differs between the wanted and the standing keys, oldest first. Only names are queued: a value is taken when its turn
/// comes, so that a key that changed ten times meanwhile is written once. Pure. Not thread-safe.
/// </summary>
internal sealed class PendingWrites
{
    private readonly Queue<string> _order = new();
    private readonly HashSet<string> _queued = new(StringComparer.Ordinal);

    public int Count => _order.Count;

    /// <summary>Queues what differs. A wanted null means: leave what stands.</summary>
    public void Compare(IReadOnlyDictionary<string, ReadOnlyMemory<byte>?> wanted, Dictionary<string, Standing> standing)
    {
        foreach (var (key, value) in wanted)
        {
            if (value is { } bytes && Differs(key, bytes, standing)) Add(key);
        }

        foreach (var key in standing.Keys)
        {
            if (!wanted.ContainsKey(key)) Add(key);
        }
    }

    public void Add(string key)
    {
        if (_queued.Add(key)) _order.Enqueue(key);
    }

    /// <summary>The next writes that go into one transaction; a single one may be larger than the limit.</summary>
    public List<Write> Take(IReadOnlyDictionary<string, ReadOnlyMemory<byte>?> wanted, Dictionary<string, Standing> standing, int most, int mostBytes)
    {
        var writes = new List<Write>();
        var bytes = 0;
        while (writes.Count < most && _order.TryPeek(out var key))
        {
            if (Next(key, wanted, standing) is { } write)
            {
                var size = key.Length + (write.Value?.Length ?? 0);
                if (writes.Count > 0 && bytes + size > mostBytes) break;
                bytes += size;
                writes.Add(write);
            }

            _order.Dequeue();
            _queued.Remove(key);
        }

        return writes;
    }

    private static Write? Next(string key, IReadOnlyDictionary<string, ReadOnlyMemory<byte>?> wanted, Dictionary<string, Standing> standing)
    {
        if (!wanted.TryGetValue(key, out var value)) return standing.ContainsKey(key) ? new(key, null) : null;
        return value is { } bytes && Differs(key, bytes, standing) ? new(key, bytes) : null;
    }

    private static bool Differs(string key, ReadOnlyMemory<byte> wanted, Dictionary<string, Standing> standing)
    {
        if (!standing.TryGetValue(key, out var stands) || stands.Lease == 0) return true;
        if (stands.Value.Equals(wanted)) return false;
        if (!stands.Value.Span.SequenceEqual(wanted.Span)) return true;
        // From now on the same memory, which compares at once.
        standing[key] = stands with { Value = wanted };
        return false;
    }
}

/// <param name="Value">Null = delete it.</param>
internal readonly record struct Write(string Key, ReadOnlyMemory<byte>? Value);
