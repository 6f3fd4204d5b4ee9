using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Mesh.Wire;

/// <summary>One follower of the hub: what is new since he last asked, all in one.</summary>
internal sealed class SnapshotSubscription(SnapshotHub hub) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _news = new(0, 1);
    private MeshSnapshot? _latest;
    private HashSet<ObjectKey>? _changed = [];
    private long _oldest, _version;

    /// <summary>Waits for news.</summary>
    public async Task<(MeshSnapshot Snapshot, IReadOnlyCollection<ObjectKey>? Changed, long Oldest)> NextAsync(CancellationToken stop)
    {
        await _news.WaitAsync(stop);
        lock (_lock)
        {
            var news = (_latest!, (IReadOnlyCollection<ObjectKey>?)_changed, _oldest);
            (_latest, _changed, _oldest) = (null, [], 0);
            return news;
        }
    }

    public void Offer(MeshSnapshot snapshot)
    {
        lock (_lock)
        {
            // Without a gap, the changes of each version add up; else they have to be found out.
            if (snapshot.Changed.IsDefault || snapshot.Version != _version + 1) _changed = null;
            else _changed?.UnionWith(snapshot.Changed);
            if (snapshot.OldestChange > 0 && (_oldest == 0 || snapshot.OldestChange < _oldest)) _oldest = snapshot.OldestChange;
            var waiting = _latest is null;
            (_latest, _version) = (snapshot, snapshot.Version);
            if (waiting) _news.Release();
        }
    }

    public void Dispose()
    {
        hub.Leave(this);
        _news.Dispose();
    }
}
