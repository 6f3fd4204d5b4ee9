using System.Text;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Mesh.Identity;

/// <summary>The labels that make a pod's identity (cilium.md 3.1), as one string: "k8s:app=a;k8s:tier=b;", sorted by key.</summary>
public static class IdentityLabels
{
    public const string Namespace = "io.kubernetes.pod.namespace", NamespaceLabels = "io.cilium.k8s.namespace.labels.",
        Cluster = "io.cilium.k8s.policy.cluster", ServiceAccount = "io.cilium.k8s.policy.serviceaccount";

    private const string NamespaceName = "kubernetes.io/metadata.name";

    /// <param name="space">The labels of the pod's namespace.</param>
    /// <param name="bad">Labels that Kubernetes would not have taken; they do not take part.</param>
    public static string Of(PodObject pod, IReadOnlyDictionary<string, string> space, string cluster, IdentityLabelFilter filter, List<string> bad)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in pod.Meta.Labels)
        {
            // A pod must not choose its namespace, cluster or account by a label of its own.
            if (!IsOurs(key)) Add(key, value);
        }

        foreach (var (key, value) in space) Add(NamespaceLabels + key, value);
        // The API server gives every namespace this one; a manifest need not have it.
        Add(NamespaceLabels + NamespaceName, pod.Key.Namespace);
        Add(Namespace, pod.Key.Namespace);
        Add(Cluster, cluster);
        Add(ServiceAccount, pod.ServiceAccount);
        return all.Aggregate(new StringBuilder(), (text, label) => text.Append("k8s:").Append(label.Key).Append('=').Append(label.Value).Append(';')).ToString();

        void Add(string key, string value)
        {
            if (!IsWellFormed(key, value)) bad.Add(key);
            else if (filter.Includes(key)) all[key] = value;
        }
    }

    private static bool IsOurs(string key) =>
        key == Namespace || key.StartsWith("io.cilium.k8s.policy.", StringComparison.Ordinal) || key.StartsWith(NamespaceLabels, StringComparison.Ordinal);

    // What could end a label early would make one pod look like another.
    private static bool IsWellFormed(string key, string value) =>
        key.Length is > 0 and <= 400 && value.Length <= 253 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/')
        && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
