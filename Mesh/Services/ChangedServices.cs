using System.Collections.Immutable;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Services;

/// <summary>
/// Which of the local cluster's services have to be merged again. Values that are the same reference are unchanged, and so is
/// every service that a cluster shares but that is not here.
/// </summary>
internal sealed class ChangedServices
{
    private readonly Dictionary<string, SeenRemote> _remotes = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectKey, object[]> _slices = [];
    private ClusterObjects? _local;

    /// <param name="clustersChanged">A cluster came or went.</param>
    public HashSet<ObjectKey> Since(ClusterObjects local, ImmutableSortedDictionary<string, RemoteObjects> remotes, out bool clustersChanged)
    {
        var keys = new HashSet<ObjectKey>();
        LookAtLocal(local, keys);
        clustersChanged = false;
        foreach (var (name, remote) in remotes)
        {
            if (!_remotes.TryGetValue(name, out var seen))
            {
                _remotes[name] = seen = new();
                clustersChanged = true;
            }

            seen.LookAt(remote.Services, local.Services, keys);
        }

        if (_remotes.Count == remotes.Count) return keys;
        foreach (var gone in _remotes.Keys.Where(name => !remotes.ContainsKey(name)).ToArray())
        {
            _remotes.Remove(gone, out var seen);
            keys.UnionWith(seen!.Keys);
            clustersChanged = true;
        }

        return keys;
    }

    private void LookAtLocal(ClusterObjects local, HashSet<ObjectKey> keys)
    {
        if (ReferenceEquals(_local?.Services, local.Services) && ReferenceEquals(_local.Slices, local.Slices)) return;
        foreach (var (key, service) in local.Services)
        {
            object[] inputs = [service, .. local.Slices[key]];
            if (_slices.TryGetValue(key, out var before) && before.AsSpan().SequenceEqual(inputs, ReferenceEqualityComparer.Instance)) continue;
            _slices[key] = inputs;
            keys.Add(key);
        }

        foreach (var gone in _slices.Keys.Where(key => !local.Services.ContainsKey(key)).ToArray())
        {
            _slices.Remove(gone);
            keys.Add(gone);
        }

        // Whether somebody shares a service matters only once it is here.
        if (!ReferenceEquals(_local?.Services, local.Services))
        {
            foreach (var remote in _remotes.Values) remote.LookAgain();
        }

        _local = local;
    }

    /// <summary>What was used of one remote; only services that are here, too.</summary>
    private sealed class SeenRemote
    {
        private readonly Dictionary<ObjectKey, RemoteService> _used = [];
        private ImmutableDictionary<ObjectKey, RemoteService>? _last;

        public IEnumerable<ObjectKey> Keys => _used.Keys;

        public void LookAgain() => _last = null;

        public void LookAt(ImmutableDictionary<ObjectKey, RemoteService> services, IReadOnlyDictionary<ObjectKey, ServiceObject> local, HashSet<ObjectKey> keys)
        {
            if (ReferenceEquals(_last, services)) return;
            _last = services;
            foreach (var key in local.Keys)
            {
                if (services.TryGetValue(key, out var now))
                {
                    if (_used.TryGetValue(key, out var before) && ReferenceEquals(before, now)) continue;
                    _used[key] = now;
                    keys.Add(key);
                }
                else if (_used.Remove(key))
                {
                    keys.Add(key);
                }
            }

            if (_used.Count <= local.Count) return;
            foreach (var gone in _used.Keys.Where(key => !local.ContainsKey(key)).ToArray()) _used.Remove(gone);
        }
    }
}
