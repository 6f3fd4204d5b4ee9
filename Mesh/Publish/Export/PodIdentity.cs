using System.Collections.Immutable;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Publish.Export;

/// <summary>A pod of this node that other clusters are told of, and the labels of its identity.</summary>
internal sealed record PodIdentity(PodObject Pod, string Labels);

/// <summary>The pods of this node that have addresses of their own and are in a namespace that takes part.</summary>
internal sealed class PodIdentities(PublishConfig config)
{
    private (object Pods, object Namespaces)? _inputs;

    public ImmutableArray<PodIdentity> Pods { get; private set; } = [];

    /// <summary>Another one when <see cref="Pods"/> changed.</summary>
    public object Version { get; private set; } = new();

    public ImmutableArray<Problem> Problems { get; private set; } = [];

    public void Update(ClusterObjects objects)
    {
        if (_inputs is var (pods, spaces) && ReferenceEquals(pods, objects.Pods) && ReferenceEquals(spaces, objects.Namespaces)) return;
        _inputs = (objects.Pods, objects.Namespaces);
        var namespaces = new GlobalNamespaces(objects.Namespaces, config.DefaultGlobalNamespace);
        var problems = ImmutableArray.CreateBuilder<Problem>();
        Pods = [.. objects.Pods.Where(pod => config.Hosts(pod) && pod is { HostNetwork: false, Ended: false, Ips.Count: > 0 } && namespaces.Contains(pod.Key.Namespace)).Select(Identity)];
        Problems = problems.ToImmutable();
        Version = new();

        PodIdentity Identity(PodObject pod)
        {
            var bad = new List<string>();
            var labels = IdentityLabels.Of(pod, namespaces.LabelsOf(pod.Key.Namespace), config.Cluster, config.Labels, bad);
            foreach (var key in bad)
                problems.Add(new(config.Cluster, $"Pod {pod.Key}", $"label \"{key}\"", "is not a label that Kubernetes takes", "it does not take part in the pod's identity"));
            return new(pod, labels);
        }
    }
}
