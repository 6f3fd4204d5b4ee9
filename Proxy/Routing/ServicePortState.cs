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
    private volatile Chosen _chosen = new(ServiceMode.NotGlobal, [], [], new([], 0, "no backend", []), [], null, -1);

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
            return chosen.HealthVersion == health.Version ? chosen : Remake(chosen.Mode, chosen.Model);
        }
    }

    /// <summary>Takes over the backends of a new snapshot; one that is the same value changes nothing.</summary>
    public void Update(ServiceMode mode, ImmutableArray<Backend> backends)
    {
        if (!backends.Equals(_chosen.Model) || !ReferenceEquals(mode, _chosen.Mode)) Remake(mode, backends);
    }

    private Chosen Remake(ServiceMode mode, ImmutableArray<Backend> backends)
    {
        lock (_lock)
        {
            var version = health.Version;
            var last = _chosen;
            var members = backends.Equals(last.Model) ? last.Backends : [.. backends.Select(health.Get)];
            var healthy = new bool[members.Length];
            for (var i = 0; i < members.Length; i++) healthy[i] = members[i].Healthy;
            var selection = BackendSelection.Select(mode, localCluster, backends, healthy, last.Selection);
            var first = last.HealthVersion < 0;
            if (!first && selection.Clusters != last.Selection.Clusters) (LastSwitch, LastSwitchWhy) = (time.GetUtcNow(), selection.Why);
            var sequence = selection.Pools.Length + (selection.Lost > 0 ? 1 : 0) < 2 ? null : new WeightedSequence([.. selection.Pools.Select(pool => pool.Weight), selection.Lost]);
            var rest = selection.Lost > 0 && selection.Pools.Length > 1 ? new WeightedSequence([.. selection.Pools.Select(pool => pool.Weight)]) : null;
            return _chosen = new(mode, backends, members, selection, healthy, sequence, version) { Rest = rest };
        }
    }
}

/// <summary>One moment's choice. Immutable.</summary>
/// <param name="Backends">Health of each backend of the model, at the same index.</param>
/// <param name="Sequence">Over the pools and, last, what is lost; null where there is nothing to draw.</param>
internal sealed record Chosen(
    ServiceMode Mode, ImmutableArray<Backend> Model, BackendHealth[] Backends, Selection Selection, bool[] Healthy,
    WeightedSequence? Sequence, long HealthVersion)
{
    /// <summary>Over the pools alone, for what was lost.</summary>
    public WeightedSequence? Rest { get; init; }

    /// <summary>Somebody healthy can serve.</summary>
    public bool HasHealthy => Selection.Pools.Length > 0 && Selection.Pools[0].Reason != PoolReason.Panic;

    public bool HasAny => Selection.Pools.Length > 0;
}
