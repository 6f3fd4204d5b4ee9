using System.Collections.Immutable;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Services;

/// <summary>What was used of one remote; only services that are here, too.</summary>
internal sealed class SeenRemote
{
    private readonly Dictionary<ObjectKey, RemoteService> _used = [];
    private readonly HashSet<ObjectKey> _changed = [];
    private ImmutableDictionary<ObjectKey, RemoteService> _services = ImmutableDictionary<ObjectKey, RemoteService>.Empty;
    private bool _any = true;

    public IEnumerable<ObjectKey> Keys => _used.Keys;

    /// <summary>The services that are here have changed: any of the remote's may matter.</summary>
    public void LookAgain() => _any = true;

    /// <summary>The same publication twice changes nothing.</summary>
    public void Note(RemoteObjects remote)
    {
        if (ReferenceEquals(_services, remote.Services)) return;
        if (remote.ServicesDelta is { } delta && ReferenceEquals(delta.Before, _services)) _changed.UnionWith(delta.Keys);
        else _any = true;
        _services = remote.Services;
    }

    /// <summary>Adds the services that have to be merged again.</summary>
    public void LookAt(IReadOnlyDictionary<ObjectKey, ServiceObject> local, HashSet<ObjectKey> keys)
    {
        if (_any) LookAtAll(local, keys);
        else foreach (var key in _changed.Where(local.ContainsKey)) LookAt(key, keys);
        _any = false;
        _changed.Clear();
    }

    private void LookAtAll(IReadOnlyDictionary<ObjectKey, ServiceObject> local, HashSet<ObjectKey> keys)
    {
        foreach (var key in local.Keys) LookAt(key, keys);
        if (_used.Count <= local.Count) return;
        foreach (var gone in _used.Keys.Where(key => !local.ContainsKey(key)).ToArray()) _used.Remove(gone);
    }

    private void LookAt(ObjectKey key, HashSet<ObjectKey> keys)
    {
        if (_services.TryGetValue(key, out var now))
        {
            if (_used.TryGetValue(key, out var before) && ReferenceEquals(before, now)) return;
            _used[key] = now;
            keys.Add(key);
        }
        else if (_used.Remove(key))
        {
            keys.Add(key);
        }
    }
}
