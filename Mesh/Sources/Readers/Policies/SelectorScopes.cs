using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Policy.Labels;

namespace ClusterMesh.Mesh.Sources.Readers.Policies;

/// <summary>What a selector means beyond what it says: which namespaces (cilium.md 4). The cluster is added when it is compiled.</summary>
internal static class SelectorScopes
{
    private static readonly LabelRequirement s_pods = new(LabelRequirement.Kubernetes, IdentityLabels.Namespace, LabelOperator.Exists, []);

    public static LabelRequirement In(string space) => new(LabelRequirement.Kubernetes, IdentityLabels.Namespace, space);

    /// <summary>A peer of a Cilium policy: its own namespace unless it names one; of a clusterwide policy every pod.</summary>
    public static LabelSelector CiliumPeer(LabelSelector selector, string space)
    {
        if (selector.NamesReserved || selector.Names(IdentityLabels.Namespace)) return selector;
        if (space.Length == 0) return selector.And(s_pods);
        return selector.NamesPrefix(IdentityLabels.NamespaceLabels) ? selector : selector.And(In(space));
    }

    /// <summary>A peer of a Kubernetes policy: both selectors must hold; without one of namespaces its own.</summary>
    public static LabelSelector KubernetesPeer(LabelSelector pods, LabelSelector? namespaces, string space) =>
        namespaces is null ? pods.And(In(space)) : pods.And(namespaces.Requirements.Add(s_pods));

    public static (string Source, string Key) KubernetesLabel(string key) => (LabelRequirement.Kubernetes, key);

    public static (string Source, string Key) NamespaceLabel(string key) => (LabelRequirement.Kubernetes, IdentityLabels.NamespaceLabels + key);
}
