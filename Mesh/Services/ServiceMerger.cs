using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Services;

/// <summary>
/// Merges the services of all clusters into the local cluster's view (cilium.md 1.6). A pure function of its arguments; what it
/// made last time is kept only to hand out the same value again where nothing changed, so that a reload costs what changed.
/// </summary>
public sealed class ServiceMerger(string localCluster)
{
    private Dictionary<ObjectKey, Merged> _last = [];
    private object[] _lastCollections = [];
    private MergedServices? _lastMerged;

    public MergedServices Merge(IReadOnlyDictionary<string, ClusterObjects> clusters)
    {
        // Sources hand a collection over again when nothing in it changed: an Ingress edited, and there is nothing to merge.
        var collections = clusters.Values.SelectMany(cluster => new object[] { cluster.Services, cluster.Slices, cluster.Namespaces }).ToList();
        if (_lastMerged is { } same && Same(_lastCollections, collections)) return same;
        _lastCollections = [.. collections];
        return _lastMerged = MergeAll(clusters);
    }

    private MergedServices MergeAll(IReadOnlyDictionary<string, ClusterObjects> clusters)
    {
        var local = clusters[localCluster];
        var remotes = clusters.Values.Where(cluster => cluster.Cluster != localCluster).OrderBy(cluster => cluster.Cluster, StringComparer.Ordinal)
            .Select(cluster => (Objects: cluster, Hidden: HiddenNamespaces(cluster))).ToArray();
        var next = new Dictionary<ObjectKey, Merged>(local.Services.Count);
        var services = new Dictionary<ObjectKey, ServiceModel>(local.Services.Count);
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var (key, service) in local.Services)
        {
            var inputs = new List<object> { service };
            inputs.AddRange(local.Slices[key]);
            foreach (var (remote, hidden) in remotes)
            {
                if (hidden.Contains(key.Namespace) || !remote.Services.TryGetValue(key, out var other)) continue;
                inputs.Add(other);
                inputs.AddRange(remote.Slices[key]);
            }

            var merged = _last.TryGetValue(key, out var before) && Same(before.Inputs, inputs) ? before : MergeOne(service, inputs, clusters.Keys);
            next[key] = merged;
            services[key] = merged.Model;
            problems.AddRange(merged.Problems);
        }

        _last = next;
        problems.AddRange(ReportUnhonoured(local.Services.Values));
        return new(services, problems.ToImmutable());

        Merged MergeOne(ServiceObject service, List<object> inputs, IEnumerable<string> known)
        {
            var found = ImmutableArray.CreateBuilder<Problem>();
            void Report(string field, string reason, string instead) => found.Add(new(localCluster, $"Service {service.Key}", field, reason, instead));
            var mode = ServiceAnnotations.Read(service, Report);
            var check = HealthCheckAnnotations.Read(service, Report);
            foreach (var name in mode.ClusterWeights.Select(weight => weight.Cluster).Concat(mode.ClusterOrder).Except(known))
            {
                Report("clustermesh.io/cluster-weights or cluster-order", $"cluster \"{name}\" is not connected", "it counts as one without backends");
            }

            var ports = service.Ports.Where(port => port.Protocol == "TCP")
                .Select(port => new ServicePortModel(port, Backends(service.Key, mode, port))).ToImmutableArray();
            foreach (var port in ports.Where(port => port.Backends.IsEmpty && local.Slices[service.Key].Any(slice => slice.Endpoints.Count > 0)))
            {
                Report($"spec.ports[{port.Port.Name}]", "no EndpointSlice of the service has a TCP port of that name", "the port has no backends");
            }

            return new(inputs.ToArray(), new ServiceModel(service, mode, ports) { HealthCheck = check, LoadBalance = LoadBalanceAnnotations.Read(service, Report) }, found.ToImmutable());
        }

        ImmutableArray<Backend> Backends(ObjectKey key, ServiceMode mode, ServicePort port)
        {
            var backends = ServiceBackends.Of(localCluster, port.Name, local.Slices[key]);
            if (mode.Global)
            {
                foreach (var (remote, hidden) in remotes)
                {
                    if (!hidden.Contains(key.Namespace) && Shares(remote, key)) backends = backends.Concat(ServiceBackends.Of(remote.Cluster, port.Name, remote.Slices[key]));
                }
            }

            return [.. backends.OrderBy(backend => backend.Cluster, StringComparer.Ordinal).ThenBy(backend => backend.Authority, StringComparer.Ordinal)];
        }
    }

    // Once for each name, however many Services carry it.
    private IEnumerable<Problem> ReportUnhonoured(IEnumerable<ServiceObject> services) =>
        services.SelectMany(service => ServiceAnnotations.Unhonoured(service).Select(name => (name, service.Key))).GroupBy(pair => pair.name, pair => pair.Key, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new Problem(localCluster, $"Service {group.Min()}", group.Key, group.Count() == 1 ? "is not honoured on a Service" : $"is not honoured on a Service (and {group.Count() - 1} others have it)", "it is ignored"));

    private static bool Shares(ClusterObjects remote, ObjectKey key) =>
        remote.Services.TryGetValue(key, out var service) && ServiceAnnotations.Read(service, static (_, _, _) => { }) is { Global: true, Shared: true };

    // cilium.md 1.6: a namespace may keep all it has out of the mesh; without the annotation it takes part.
    private static HashSet<string> HiddenNamespaces(ClusterObjects cluster) =>
        [.. cluster.Namespaces.Where(ns => ns.Meta.Annotation("clustermesh.cilium.io/global") == "false").Select(ns => ns.Key.Name)];

    private static bool Same(object[] before, List<object> now)
    {
        if (before.Length != now.Count) return false;
        for (var i = 0; i < before.Length; i++)
        {
            if (!ReferenceEquals(before[i], now[i])) return false;
        }

        return true;
    }

    private sealed record Merged(object[] Inputs, ServiceModel Model, ImmutableArray<Problem> Problems);
}

/// <summary>Every service of the local cluster, merged, and what was wrong with their annotations.</summary>
public sealed record MergedServices(IReadOnlyDictionary<ObjectKey, ServiceModel> Services, ImmutableArray<Problem> Problems);
