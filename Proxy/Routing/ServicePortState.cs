using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Proxy.Health;
using ClusterMesh.Proxy.Split;

namespace ClusterMesh.Proxy.Routing;

/// <summary>
/// Holds what is chosen now for one service port, across snapshots: the selection is remade when the backends or somebody's
/// health changed, and read without a lock.
/// </summary>
internal sealed class ServicePortState(ObjectKey service, int port, string localCluster, HealthTable health, TimeProvider time)
{
    private readonly Lock _lock = new();
    private volatile Chosen _chosen = new(ServiceMode.NotGlobal, [], [], new([], 0, "no backend", []), [], -1);

    public ObjectKey Service => service;

    public int Port => port;

    public DateTimeOffset? LastSwitch { get; private set; }

    public string? LastSwitchWhy { get; private set; }

    /// <summary>What is chosen, by the newest backends and health.</summary>
    public Chosen Now
    {
        get
        {
            var chosen = _chosen;
            return chosen.HealthVersion == health.Version ? chosen : Refresh();
        }
    }

    // Under the lock, as the writer may be taking over other backends just now.
    private Chosen Refresh()
    {
        lock (_lock) return Remake(_chosen.Mode, _chosen.Model, _chosen.Backends);
    }

    /// <summary>Takes over the backends of a new snapshot; those that are the same value change nothing.</summary>
    public void Update(ServiceMode mode, ImmutableArray<Backend> backends)
    {
        var last = _chosen;
        if (backends.Equals(last.Model))
        {
            if (!ReferenceEquals(mode, last.Mode)) Remake(mode, backends, last.Backends);
            return;
        }

        Remake(mode, backends, [.. backends.Select(health.Acquire)]);
        foreach (var before in last.Backends) health.Release(before);
    }

    /// <summary>
    /// The port is gone: its backends are let go, but what was chosen stays for requests that took a route of the old snapshot.
    /// </summary>
    public void Retire()
    {
        foreach (var backend in _chosen.Backends) health.Release(backend);
    }

    private Chosen Remake(ServiceMode mode, ImmutableArray<Backend> backends, BackendHealth[] members)
    {
        lock (_lock)
        {
            var version = health.Version;
            var last = _chosen;
            var healthy = Array.ConvertAll(members, member => member.Healthy);
            var selection = BackendSelection.Select(mode, localCluster, backends, healthy, last.Selection);
            if (last.HealthVersion >= 0 && selection.Clusters != last.Selection.Clusters) (LastSwitch, LastSwitchWhy) = (time.GetUtcNow(), selection.Why);
            return _chosen = new(mode, backends, members, selection, healthy, version)
            {
                Sequence = selection.Pools.Length + (selection.Lost > 0 ? 1 : 0) < 2 ? null : new([.. selection.Pools.Select(pool => pool.Weight), selection.Lost]),
                Rest = selection.Lost > 0 && selection.Pools.Length > 1 ? new([.. selection.Pools.Select(pool => pool.Weight)]) : null,
            };
        }
    }
}

/// <summary>One moment's choice. Immutable.</summary>
/// <param name="Backends">Health of each backend of the model, at the same index.</param>
internal sealed record Chosen(
    ServiceMode Mode, ImmutableArray<Backend> Model, BackendHealth[] Backends, Selection Selection, bool[] Healthy, long HealthVersion)
{
    /// <summary>Over the pools and, last, what is lost; null where there is nothing to draw.</summary>
    public WeightedSequence? Sequence { get; init; }

    /// <summary>Over the pools alone, for what was lost.</summary>
    public WeightedSequence? Rest { get; init; }

    /// <summary>Somebody healthy can serve.</summary>
    public bool HasHealthy => Selection.Pools.Length > 0 && Selection.Pools[0].Reason != PoolReason.Panic;

    public bool HasAny => Selection.Pools.Length > 0;
}
