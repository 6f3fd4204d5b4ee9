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
internal sealed class ReachableSnapshots(string cluster, string node, SnapshotHub hub)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ServiceModel, ServiceModel> _without = new(ReferenceEqualityComparer.Instance);
    private NodeView _view = new(new(cluster, node, []), BackendPlaces.None, UnreachableNodes.None);
    private MeshSnapshot? _given;

    /// <summary>By the one writer, once snapshots pass.</summary>
    public void Apply(MeshSnapshot snapshot)
    {
        lock (_lock)
        {
            _given = snapshot;
            hub.Apply(Reachable(snapshot));
        }
    }

    /// <summary>After the probes found something. Any thread.</summary>
    public void Look(NodeReachability reachability, IReadOnlyCollection<RemoteObjects> remotes)
    {
        lock (_lock)
        {
            var unreachable = UnreachableNodes.Of(reachability, cluster, _view.Unreachable);
            if (ReferenceEquals(unreachable, _view.Unreachable)) return;
            _without.Clear();
            _view = _view with { Unreachable = unreachable, Places = BackendPlaces.Of(remotes, _view.Places) };
            // What differs from what was told last is for those who follow to find out.
            if (_given is { } given) hub.Apply(Reachable(given) with { Changed = default });
        }
    }

    private MeshSnapshot Reachable(MeshSnapshot snapshot)
    {
        if (_view.Unreachable.IsEmpty) return snapshot;
        var services = snapshot.Services.ToBuilder();
        foreach (var (key, service) in snapshot.Services)
        {
            if (Without(service) is { } reachable) services[key] = reachable;
        }

        return snapshot with { Services = services.ToImmutable(), Changed = default };
    }

    /// <returns>Null = all of its backends can be reached. The same value for the same service.</returns>
    private ServiceModel? Without(ServiceModel service)
    {
        if (!service.Ports.Any(port => port.Backends.Any(_view.IsGone))) return null;
        if (_without.TryGetValue(service, out var known)) return known;
        return _without[service] = service with { Ports = [.. service.Ports.Select(port => port with { Backends = [.. port.Backends.Select(Judged)] })] };
    }

    private Backend Judged(Backend backend) => _view.IsGone(backend) ? backend with { State = BackendState.NotReady } : backend;
}
