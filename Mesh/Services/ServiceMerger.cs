using System.Collections.Immutable;
using ClusterMesh.Mesh.Clusters;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Routes.Frontends;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Services;

/// <summary>
/// Merges what the other clusters share into the local cluster's services (cilium.md 1.6). The result depends on its arguments
/// alone; what it was given and made last time is kept only so that a change costs what changed. One thread at a time.
/// </summary>
public sealed class ServiceMerger(string localCluster)
{
    private readonly ChangedServices _changed = new();
    private readonly SortedDictionary<ObjectKey, ImmutableArray<Problem>> _problems = [];
    private readonly HashSet<ObjectKey> _namingClusters = [];
    private IReadOnlyDictionary<ObjectKey, ServiceObject>? _lastServices;
    private ImmutableArray<Problem> _unhonoured = [];
    private MergedServices _last = new(ImmutableDictionary<ObjectKey, ServiceModel>.Empty, [], []);

    /// <summary>To be told of each publication, also of those that are merged together with the next: a change of one service is then the work of one.</summary>
    public void Note(RemoteObjects remote) => _changed.Note(remote);

    public MergedServices Merge(ClusterObjects local, ImmutableSortedDictionary<string, RemoteObjects> remotes)
    {
        var keys = _changed.Since(local, remotes, out var clustersChanged);
        // Whether a cluster that an annotation names is connected decides about a problem.
        if (clustersChanged) keys.UnionWith(_namingClusters);
        if (keys.Count == 0 && ReferenceEquals(_lastServices, local.Services)) return _last = _last with { Changed = [] };
        var services = _last.Services.ToBuilder();
        foreach (var key in keys)
        {
            _problems.Remove(key);
            _namingClusters.Remove(key);
            if (local.Services.TryGetValue(key, out var service)) services[key] = MergeOne(service, local, remotes);
            else services.Remove(key);
        }

        if (!ReferenceEquals(_lastServices, local.Services)) _unhonoured = UnhonouredOf(local.Services.Values);
        _lastServices = local.Services;
        return _last = new(services.ToImmutable(), [.. _problems.Values.SelectMany(problems => problems), .. _unhonoured], [.. keys]);
    }

    private ServiceModel MergeOne(ServiceObject service, ClusterObjects local, ImmutableSortedDictionary<string, RemoteObjects> remotes)
    {
        var found = ImmutableArray.CreateBuilder<Problem>();
        void Report(string field, string reason, string instead) => found.Add(new(localCluster, $"Service {service.Key}", field, reason, instead));
        var model = ServiceModel.Read(service, Report);
        ReportUnknownClusters(model, remotes, Report);
        var own = ServiceBackends.ByPort(localCluster, local.Slices[service.Key]);
        var shares = model.Mode.Global ? Shares(service.Key, remotes) : [];
        ImmutableArray<ServicePortModel> PortsOf(string protocol) =>
            [.. service.Ports.Where(port => port.Protocol == protocol).Select(port => new ServicePortModel(port, Backends(port, own, shares)))];
        model = model with { Ports = PortsOf("TCP"), UdpPorts = PortsOf("UDP"), L7Ports = L7Ports.Of(service, _changed.Routes[service.Key], Report) };
        foreach (var port in model.AllPorts.Where(port => port.Backends.IsEmpty && local.Slices[service.Key].Any(slice => slice.Endpoints.Count > 0)))
        {
            Report($"spec.ports[{port.Port.Name}]", $"no EndpointSlice of the service has a {port.Port.Protocol} port of that name", "the port has no backends");
        }

        if (found.Count > 0) _problems[service.Key] = found.ToImmutable();
        return model;
    }

    private void ReportUnknownClusters(ServiceModel model, ImmutableSortedDictionary<string, RemoteObjects> remotes, Action<string, string, string> report)
    {
        var named = model.Mode.ClusterWeights.Select(weight => weight.Cluster).Concat(model.Mode.ClusterOrder).Distinct().ToArray();
        if (named.Length > 0) _namingClusters.Add(model.Key);
        foreach (var name in named.Where(name => name != localCluster && !remotes.ContainsKey(name)))
        {
            report("clustermesh.io/cluster-weights or cluster-order", $"cluster \"{name}\" is not connected", "it counts as one without backends");
        }
    }

    private static List<RemoteService> Shares(ObjectKey key, ImmutableSortedDictionary<string, RemoteObjects> remotes)
    {
        var shares = new List<RemoteService>();
        foreach (var remote in remotes.Values)
        {
            if (remote.Services.TryGetValue(key, out var share)) shares.Add(share);
        }

        return shares;
    }

    private static ImmutableArray<Backend> Backends(ServicePort port, ImmutableArray<RemotePort> own, List<RemoteService> shares)
    {
        var mine = ServiceBackends.For(port, own);
        if (shares.Count == 0) return mine;
        var all = new List<ImmutableArray<Backend>> { mine };
        foreach (var share in shares) all.Add(ServiceBackends.For(port, share.Ports));
        // Each part is in order already; clusters come by name.
        return [.. all.Where(part => part.Length > 0).OrderBy(part => part[0].Cluster, StringComparer.Ordinal).SelectMany(part => part)];
    }

    // Once for each name, however many Services carry it.
    private ImmutableArray<Problem> UnhonouredOf(IEnumerable<ServiceObject> services) =>
    [
        .. services.SelectMany(service => ServiceAnnotations.Unhonoured(service).Select(name => (name, service.Key))).GroupBy(pair => pair.name, pair => pair.Key, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new Problem(localCluster, $"Service {group.Min()}", group.Key, group.Count() == 1 ? "is not honoured on a Service" : $"is not honoured on a Service (and {group.Count() - 1} others have it)", "it is ignored")),
    ];
}

/// <summary>Every service of the local cluster, merged, and what was wrong with their annotations.</summary>
/// <param name="Changed">What differs from the value that was handed out before: added, changed or removed.</param>
public sealed record MergedServices(ImmutableDictionary<ObjectKey, ServiceModel> Services, ImmutableArray<Problem> Problems, ImmutableArray<ObjectKey> Changed);
