using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Publish.Export;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Clusters;

/// <summary>
/// What another cluster whose manifests we read ourselves shares with us: the same filter that it would apply to what it
/// publishes (cilium.md 1.6). Remembers what it made, so that an unchanged service is the same value again. One thread at a time.
/// </summary>
public sealed class SharedServices
{
    private Dictionary<ObjectKey, Made> _last = [];
    private ImmutableDictionary<ObjectKey, RemoteService> _services = ImmutableDictionary<ObjectKey, RemoteService>.Empty;

    public RemoteObjects Of(ClusterObjects cluster)
    {
        var namespaces = new GlobalNamespaces(cluster.Namespaces, byDefault: true);
        var next = new Dictionary<ObjectKey, Made>(_last.Count);
        var services = _services.ToBuilder();
        foreach (var (key, service) in cluster.Services)
        {
            if (!namespaces.Contains(key.Namespace) || !IsShared(service)) continue;
            object[] inputs = [service, .. cluster.Slices[key]];
            var made = _last.TryGetValue(key, out var before) && before.Inputs.SequenceEqual(inputs, ReferenceEqualityComparer.Instance)
                ? before
                : new(inputs, new(key, ServiceBackends.ByPort(cluster.Cluster, cluster.Slices[key])));
            next[key] = made;
            services[key] = made.Service;
        }

        foreach (var gone in _last.Keys.Where(key => !next.ContainsKey(key))) services.Remove(gone);
        (_last, _services) = (next, services.ToImmutable());
        return new(cluster.Cluster, new(RemotePhase.Ready, cluster.ReadAt) { Confirmed = true, Source = cluster.Source }) { Services = _services, Manifests = cluster };
    }

    /// <summary>Whether a Service is for other clusters, too.</summary>
    public static bool IsShared(ServiceObject service) => ServiceAnnotations.Read(service, static (_, _, _) => { }) is { Global: true, Shared: true };

    private sealed record Made(object[] Inputs, RemoteService Service);
}
