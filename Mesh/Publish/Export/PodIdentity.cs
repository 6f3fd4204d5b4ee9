using System.Collections.Immutable;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Publish.Export;

/// <summary>A pod of this node, and the labels of its identity.</summary>
/// <param name="Told">Whether other clusters are told of its addresses: its namespace takes part.</param>
internal sealed record PodIdentity(PodObject Pod, string Labels, bool Told = true);

/// <summary>The pods of this node that have addresses of their own and need an identity.</summary>
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
        Pods = [.. objects.Pods.Where(pod => config.Hosts(pod) && pod is { HostNetwork: false, Ended: false, Ips.Count: > 0 }).Select(Identity).OfType<PodIdentity>()];
        Problems = problems.ToImmutable();
        Version = new();

        PodIdentity? Identity(PodObject pod)
        {
            var told = namespaces.Contains(pod.Key.Namespace);
            if (!told && !config.IdentifiesAllPods) return null;
            var bad = new List<string>();
            var labels = IdentityLabels.Of(pod, namespaces.LabelsOf(pod.Key.Namespace), config.Cluster, config.Labels, bad);
            foreach (var key in bad)
                problems.Add(new(config.Cluster, $"Pod {pod.Key}", $"label \"{key}\"", "is not a label that Kubernetes takes", "it does not take part in the pod's identity"));
            return new(pod, labels, told);
        }
    }
}
