using System.Text.Json.Nodes;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Cli.Lab.Manifests;

/// <summary>Which object of a cluster.</summary>
internal readonly record struct ObjectId(string Kind, ObjectKey Key)
{
    private static readonly HashSet<string> s_clusterWide =
    [
        "Namespace", "Node", "IngressClass", "CiliumClusterwideNetworkPolicy", "CiliumCIDRGroup", "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding",
        "PersistentVolume", "StorageClass", "PriorityClass",
    ];

    public static ObjectId Of(JsonObject theObject)
    {
        var kind = theObject.Text("kind") ?? "";
        return new(kind, new(IsClusterWide(kind) ? "" : theObject.Text("metadata", "namespace") ?? "default", theObject.Text("metadata", "name") ?? ""));
    }

    public static bool IsClusterWide(string kind) => s_clusterWide.Contains(kind);

    /// <summary>Kinds as people type them on a command line: pod, Service, deployments.</summary>
    public bool IsCalled(string kind) => Kind.Equals(kind, StringComparison.OrdinalIgnoreCase) || $"{Kind}s".Equals(kind, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => $"{Kind} {Key}";
}
