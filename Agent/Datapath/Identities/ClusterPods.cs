using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Agent.Datapath.Identities;

/// <summary>The pods of the own cluster, with the labels of their identities; a pod that did not change is not looked at again.</summary>
internal sealed class ClusterPods(string cluster, string node)
{
    private (object Pods, object Namespaces)? _inputs;
    private ImmutableDictionary<ObjectKey, PodEndpoint> _endpoints = ImmutableDictionary<ObjectKey, PodEndpoint>.Empty;
    private Dictionary<PodObject, string> _labels = new(ReferenceEqualityComparer.Instance);

    /// <summary>By name; another reference when something changed.</summary>
    public IReadOnlyDictionary<ObjectKey, ClusterPod> ByKey { get; private set; } = new Dictionary<ObjectKey, ClusterPod>();

    /// <summary>Every identity that a pod has, with the named ports of all pods that have it.</summary>
    public IReadOnlyDictionary<string, ImmutableArray<ContainerPort>> Identities { get; private set; } = new Dictionary<string, ImmutableArray<ContainerPort>>();

    /// <param name="endpoints">Of this node: their addresses are what pods here have.</param>
    public void Update(ClusterObjects objects, ImmutableDictionary<ObjectKey, PodEndpoint> endpoints)
    {
        var sameSpaces = ReferenceEquals(_inputs?.Namespaces, objects.Namespaces);
        if (sameSpaces && ReferenceEquals(_inputs?.Pods, objects.Pods) && ReferenceEquals(_endpoints, endpoints)) return;
        (_inputs, _endpoints) = ((objects.Pods, objects.Namespaces), endpoints);
        var spaces = objects.Namespaces.DistinctBy(space => space.Key.Name).ToDictionary(space => space.Key.Name, space => space.Meta.Labels);
        var known = sameSpaces ? _labels : [];
        _labels = new(ReferenceEqualityComparer.Instance);
        var pods = new Dictionary<ObjectKey, ClusterPod>();
        foreach (var pod in objects.Pods.Where(pod => pod is { HostNetwork: false, Ended: false }))
        {
            var labels = _labels[pod] = known.GetValueOrDefault(pod) ?? IdentityLabels.Of(pod, spaces.GetValueOrDefault(pod.Key.Namespace) ?? ObjectMeta.None, cluster, IdentityLabelFilter.Default, []);
            pods[pod.Key] = endpoints.TryGetValue(pod.Key, out var endpoint)
                ? new(pod, labels, null, [endpoint.Address])
                : new(pod, labels, pod.NodeName is null || pod.NodeName == node ? null : $"{cluster}/{pod.NodeName}", [.. pod.Ips.Select(EndpointCheck.Address).OfType<IPAddress>()]);
        }

        ByKey = pods;
        Identities = pods.Values.GroupBy(pod => pod.Labels, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.SelectMany(pod => pod.Pod.Ports).Distinct().ToImmutableArray(), StringComparer.Ordinal);
    }
}
