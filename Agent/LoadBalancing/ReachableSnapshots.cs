using System.Collections.Immutable;
using ClusterMesh.Agent.Probes;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Wire;

namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>
/// What this node's proxies are told: a backend on a node that does not answer from here is not ready until it does, as in the kernel. So both
/// fail over at the same moment, and no request has to find out by waiting.
/// </summary>
/// <param name="known">What is known of nodes and of other clusters now.</param>
internal sealed class ReachableSnapshots(string cluster, string node, SnapshotHub hub, Func<(NodeReachability Nodes, IReadOnlyCollection<RemoteObjects> Remotes)> known)
{
    private readonly Lock _lock = new();
    private Dictionary<ServiceModel, ServiceModel> _without = new(ReferenceEqualityComparer.Instance);
    private NodeView _view = new(new(cluster, node, []), BackendPlaces.None, UnreachableNodes.None);
    private MeshSnapshot? _given;

    /// <summary>By the one writer, once snapshots pass.</summary>
    public void Apply(MeshSnapshot snapshot)
    {
        lock (_lock)
        {
            _given = snapshot;
            // Which node a backend is on may have become known with it; and what was told last may differ in more than this one's changes.
            var judged = See();
            var reachable = Reachable(snapshot);
            hub.Apply(judged ? reachable with { Changed = default } : reachable);
        }
    }

    /// <summary>After the probes found something. Any thread.</summary>
    public void Look()
    {
        lock (_lock)
        {
            if (!See()) return;
            // What differs from what was told last is for those who follow to find out.
            if (_given is { } given) hub.Apply(Reachable(given) with { Changed = default });
        }
    }

    /// <returns>Whether backends may be judged otherwise than before.</returns>
    private bool See()
    {
        var (nodes, remotes) = known();
        var allThere = _view.Unreachable.IsEmpty;
        var (unreachable, places) = (UnreachableNodes.Of(nodes, cluster, _view.Unreachable), BackendPlaces.Of(remotes, _view.Places));
        if (ReferenceEquals(unreachable, _view.Unreachable) && ReferenceEquals(places, _view.Places)) return false;
        _view = _view with { Unreachable = unreachable, Places = places };
        _without = new(ReferenceEqualityComparer.Instance);
        // Where backends are matters only while a node is gone.
        return !(allThere && unreachable.IsEmpty);
    }

    private MeshSnapshot Reachable(MeshSnapshot snapshot)
    {
        if (_view.Unreachable.IsEmpty) return snapshot;
        var services = snapshot.Services.ToBuilder();
        // Of this snapshot's services alone: those of earlier ones are let go.
        var without = new Dictionary<ServiceModel, ServiceModel>(ReferenceEqualityComparer.Instance);
        foreach (var (key, service) in snapshot.Services)
        {
            if (Without(service) is { } reachable) services[key] = without[service] = reachable;
        }

        _without = without;
        return snapshot with { Services = services.ToImmutable(), Changed = default };
    }

    /// <returns>Null = all of its backends can be reached. The same value for the same service.</returns>
    private ServiceModel? Without(ServiceModel service)
    {
        if (!service.Ports.Any(port => port.Backends.Any(_view.IsGone))) return null;
        return _without.TryGetValue(service, out var same) ? same : service with { Ports = [.. service.Ports.Select(port => port with { Backends = [.. port.Backends.Select(Judged)] })] };
    }

    private Backend Judged(Backend backend) => _view.IsGone(backend) ? backend with { State = BackendState.NotReady } : backend;
}
