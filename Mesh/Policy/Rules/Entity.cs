namespace ClusterMesh.Mesh.Policy.Rules;

/// <summary>Cilium's names for classes of peers (cilium.md 4).</summary>
public enum Entity
{
    All,
    World,
    WorldIpv4,
    WorldIpv6,
    Cluster,
    ClusterMesh,
    Host,
    RemoteNode,
    KubeApiserver,
    Ingress,
    Init,
    Health,
    Unmanaged,
    None,
}

public static class Entities
{
    private static readonly (string Name, Entity Entity)[] s_names =
    [
        ("all", Entity.All), ("world", Entity.World), ("world-ipv4", Entity.WorldIpv4), ("world-ipv6", Entity.WorldIpv6), ("cluster", Entity.Cluster),
        ("cluster-mesh", Entity.ClusterMesh), ("host", Entity.Host), ("remote-node", Entity.RemoteNode), ("kube-apiserver", Entity.KubeApiserver),
        ("ingress", Entity.Ingress), ("init", Entity.Init), ("health", Entity.Health), ("unmanaged", Entity.Unmanaged), ("none", Entity.None),
    ];

    public static string[] Names { get; } = [.. s_names.Select(pair => pair.Name)];

    public static Entity Parse(string name) => s_names.First(pair => pair.Name == name).Entity;

    public static string Text(this Entity entity) => s_names.First(pair => pair.Entity == entity).Name;
}
