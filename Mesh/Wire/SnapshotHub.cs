using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Mesh.Wire;

/// <summary>Holds the snapshot in force for those who follow it. A slow follower misses versions, never a change.</summary>
public sealed class SnapshotHub
{
    private readonly Lock _lock = new();
    private readonly HashSet<SnapshotSubscription> _subscriptions = [];
    private MeshSnapshot? _current;

    /// <summary>Null until the first one is applied.</summary>
    public MeshSnapshot? Current => Volatile.Read(ref _current);

    /// <summary>How many follow.</summary>
    public int Followers
    {
        get
        {
            lock (_lock) return _subscriptions.Count;
        }
    }

    /// <summary>Called by the one writer.</summary>
    public void Apply(MeshSnapshot snapshot)
    {
        lock (_lock)
        {
            Volatile.Write(ref _current, snapshot);
            foreach (var subscription in _subscriptions) subscription.Offer(snapshot);
        }
    }

    internal SnapshotSubscription Subscribe()
    {
        lock (_lock)
        {
            var subscription = new SnapshotSubscription(this);
            if (_current is { } now) subscription.Offer(now);
            _subscriptions.Add(subscription);
            return subscription;
        }
    }

    internal void Leave(SnapshotSubscription subscription)
    {
        lock (_lock) _subscriptions.Remove(subscription);
    }
}
