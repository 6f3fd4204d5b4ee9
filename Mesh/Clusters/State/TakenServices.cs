using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Clusters.State;

/// <summary>Which services changed since they were last handed over. A change of one is then the work of one, however many there are.</summary>
internal sealed class TakenServices
{
    private HashSet<ObjectKey> _changed = [];
    private ImmutableDictionary<ObjectKey, RemoteService>? _before;
    private bool _unknown;

    /// <param name="keys">Null = any of them.</param>
    public void Note(IReadOnlyCollection<ObjectKey>? keys)
    {
        if (keys is null) _unknown = true;
        else _changed.UnionWith(keys);
    }

    /// <summary>Null where it is not known.</summary>
    public ServicesDelta? Take(ImmutableDictionary<ObjectKey, RemoteService> now)
    {
        var delta = _before is null || _unknown ? null : new ServicesDelta(_before, _changed);
        (_before, _changed, _unknown) = (now, [], false);
        return delta;
    }
}
