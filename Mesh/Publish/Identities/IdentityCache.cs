using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Mesh.Publish.Identities;

/// <summary>The identities of our cluster as etcd has them: a list, then kept up to date by a watch. Thread-safe.</summary>
internal sealed class IdentityCache(int clusterId)
{
    private readonly Lock _lock = new();
    private volatile ImmutableDictionary<uint, string> _labels = ImmutableDictionary<uint, string>.Empty;
    private readonly Dictionary<string, uint> _ids = new(StringComparer.Ordinal);
    private long _revision;

    public int Count
    {
        get
        {
            lock (_lock) return _ids.Count;
        }
    }

    /// <summary>Number to labels, of this moment; the same reference while nothing changes.</summary>
    public ImmutableDictionary<uint, string> All => _labels;

    public async Task ListAsync(IEtcdClient client, CancellationToken cancel)
    {
        await foreach (var page in client.ListAsync(StateKeys.IdentityIds + "/", cancel))
        {
            lock (_lock)
            {
                Set(page.Items.Select(item => (item.Key, (ReadOnlyMemory<byte>?)item.Value)));
                _revision = page.Revision;
            }
        }
    }

    /// <summary>Follows until stopped or an exception of etcd.</summary>
    public async Task WatchAsync(IEtcdClient client, Action changed, CancellationToken cancel)
    {
        await foreach (var batch in client.WatchAsync(StateKeys.IdentityIds + "/", _revision + 1, cancel))
        {
            lock (_lock)
            {
                Set(batch.Events.Select(change => (change.Key, change.Value)));
                _revision = Math.Max(_revision, batch.Revision);
            }

            if (batch.Events.Count > 0) changed();
        }
    }

    /// <summary>The number that has these labels, or null.</summary>
    public uint? Find(string labels)
    {
        lock (_lock) return _ids.TryGetValue(labels, out var id) ? id : null;
    }

    public bool IsFree(uint id)
    {
        lock (_lock) return !_labels.ContainsKey(id);
    }

    /// <summary>Whether the number has these labels, or was given them at a revision that is not seen here yet.</summary>
    public bool Confirms(uint id, string labels, long since)
    {
        lock (_lock) return _revision < since || (_labels.TryGetValue(id, out var known) && known == labels);
    }

    /// <summary>The number in a key under .../id/, if it is one that our cluster may give.</summary>
    public uint? Parse(string key)
    {
        var (first, last) = NumericIdentity.RangeOf(clusterId);
        return uint.TryParse(key.AsSpan(StateKeys.IdentityIds.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id >= first && id <= last ? id : null;
    }

    private void Set(IEnumerable<(string Key, ReadOnlyMemory<byte>? Value)> changes)
    {
        var labels = _labels.ToBuilder();
        foreach (var (key, value) in changes)
        {
            if (Parse(key) is not { } id) continue;
            if (labels.Remove(id, out var before) && _ids.GetValueOrDefault(before) == id) _ids.Remove(before);
            if (value is not { } bytes) continue;
            var text = Encoding.UTF8.GetString(bytes.Span);
            (labels[id], _ids[text]) = (text, id);
        }

        _labels = labels.ToImmutable();
    }
}
