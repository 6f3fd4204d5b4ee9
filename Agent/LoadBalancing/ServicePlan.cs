using System.Collections.Immutable;
using ClusterMesh.Agent.Probes;
using ClusterMesh.Bpf.Services;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>
/// What one node's kernel is to have of all services, brought from snapshot to snapshot at the cost of what changed. Depends on nothing
/// but what it is given. One thread at a time.
/// </summary>
internal sealed class ServicePlan(ThisNode node)
{
    private readonly Dictionary<ObjectKey, KernelService> _services = [];
    private readonly SortedDictionary<ObjectKey, ImmutableArray<Problem>> _problems = [];
    private readonly FrontendClaims _claims = new(node.Cluster);
    private NodeView _view = new(node, BackendPlaces.None, UnreachableNodes.None);
    private MeshSnapshot? _last;

    /// <summary>Every frontend that some service wants.</summary>
    public IReadOnlyCollection<Frontend> Frontends => _claims.Frontends;

    public BackendPlaces Places => _view.Places;

    public IEnumerable<Problem> Problems => _problems.Values.SelectMany(problems => problems).Concat(_claims.Conflicts());

    /// <summary>Null = nobody wants it.</summary>
    public KernelFrontend? Wanted(Frontend frontend) => _claims.Winner(frontend);

    /// <param name="touched">Gets the frontends that may be wanted otherwise now.</param>
    public void Update(MeshSnapshot snapshot, IReadOnlyCollection<RemoteObjects> remotes, NodeReachability reachability, ISet<Frontend> touched)
    {
        var view = new NodeView(node, BackendPlaces.Of(remotes, _view.Places), UnreachableNodes.Of(reachability, node.Cluster, _view.Unreachable));
        var keys = Changed(snapshot).ToHashSet();
        if (MayHaveMoved(view)) keys.UnionWith(_services.Values.Where(service => HasMoved(service, view)).Select(service => service.Key));
        _view = view;
        foreach (var key in keys) Replace(key, snapshot.Services.GetValueOrDefault(key), touched);
        _last = snapshot;
    }

    private IEnumerable<ObjectKey> Changed(MeshSnapshot snapshot)
    {
        if (ReferenceEquals(_last, snapshot)) return [];
        if (_last is not null && snapshot.Version == _last.Version + 1 && !snapshot.Changed.IsDefault) return snapshot.Changed;
        return snapshot.Services.Where(pair => !ReferenceEquals(_services.GetValueOrDefault(pair.Key)?.Service, pair.Value)).Select(pair => pair.Key)
            .Concat(_services.Keys.Where(key => !snapshot.Services.ContainsKey(key)));
    }

    // Where backends are matters only while a node is gone.
    private bool MayHaveMoved(NodeView view) =>
        !ReferenceEquals(view.Unreachable, _view.Unreachable) || (!view.Unreachable.IsEmpty && !ReferenceEquals(view.Places, _view.Places));

    private static bool HasMoved(KernelService service, NodeView view) =>
        service.Frontends.Select(frontend => frontend.Choice).Distinct(ReferenceEqualityComparer.Instance).Cast<PortChoice>()
            .Any(choice => choice.Candidates.Where((backend, at) => view.IsGone(backend) != choice.Gone[at]).Any());

    private void Replace(ObjectKey key, ServiceModel? model, ISet<Frontend> touched)
    {
        var before = _services.GetValueOrDefault(key);
        var now = model is null ? null : KernelServices.Compile(model, _view, before);
        _claims.Replace(before, now);
        touched.UnionWith(before?.Frontends.Select(frontend => frontend.Frontend) ?? []);
        touched.UnionWith(now?.Frontends.Select(frontend => frontend.Frontend) ?? []);
        if (now is null) _services.Remove(key);
        else _services[key] = now;
        if (now is { Problems.IsEmpty: false }) _problems[key] = now.Problems;
        else _problems.Remove(key);
    }
}
