namespace ClusterMesh.Mesh.Identity;

/// <summary>Identity numbers (cilium.md 3.1): reserved ones, and clusterId &lt;&lt; 16 | local for each cluster's own.</summary>
public static class NumericIdentity
{
    public const uint Unknown = 0, Host = 1, World = 2, Unmanaged = 3, Health = 4, Init = 5, RemoteNode = 6, KubeApiserver = 7, Ingress = 8;

    /// <summary>Cluster ids of a mesh; 0 = no mesh.</summary>
    public const int MinClusterId = 1, MaxClusterId = 255;

    private const int Shift = 16;

    /// <summary>What is above is a node's own, for ranges of addresses that its policies name.</summary>
    public const uint LargestOfClusters = 0xffffff;

    /// <summary>The first number that is allocated; everything below is reserved, in every cluster.</summary>
    public const uint FirstLocal = 256;

    public static bool IsReserved(uint id) => id < FirstLocal;

    /// <summary>0 for reserved ones and for those of a cluster without an id.</summary>
    public static int ClusterOf(uint id) => (int)(id >> Shift);

    /// <summary>The numbers that cluster may allocate.</summary>
    public static (uint First, uint Last) RangeOf(int clusterId) => (((uint)clusterId << Shift) + (clusterId == 0 ? FirstLocal : 0), ((uint)clusterId << Shift) + 0xffff);

    /// <summary>Whether a number that came from that cluster may be believed.</summary>
    public static bool BelongsTo(uint id, int clusterId) => IsReserved(id) || (id <= LargestOfClusters && ClusterOf(id) == clusterId);

    /// <summary>The name of a reserved number, or null.</summary>
    public static string? ReservedName(uint id) => id switch
    {
        Unknown => "unknown",
        Host => "host",
        World => "world",
        Unmanaged => "unmanaged",
        Health => "health",
        Init => "init",
        RemoteNode => "remote-node",
        KubeApiserver => "kube-apiserver",
        Ingress => "ingress",
        9 => "world-ipv4",
        10 => "world-ipv6",
        _ => null,
    };
}
