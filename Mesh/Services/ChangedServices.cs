using System.Collections.Immutable;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes.Frontends;
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

    /// <summary>The HTTPRoutes by their parents.</summary>
    public HttpRouteIndex Routes { get; } = new();

    /// <summary>To be told of each publication of a remote; those that are not cost a look at all its services.</summary>
    public void Note(RemoteObjects remote)
    {
        if (_remotes.TryGetValue(remote.Cluster, out var seen)) seen.Note(remote);
    }

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

            seen.Note(remote);
            seen.LookAt(local.Services, keys);
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
        if (ReferenceEquals(_local?.Services, local.Services) && ReferenceEquals(_local.Slices, local.Slices) && ReferenceEquals(_local.HttpRoutes, local.HttpRoutes)) return;
        Routes.Take(local.HttpRoutes);
        foreach (var (key, service) in local.Services)
        {
            object[] inputs = [service, .. local.Slices[key], .. Routes[key]];
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
}
