namespace ClusterMesh.Agent.Datapath.Ipcache;

/// <summary>Who says it, the most believed first.</summary>
internal enum LayerKind
{
    /// <summary>This node's own addresses.</summary>
    Host,

    /// <summary>Other nodes' addresses.</summary>
    Nodes,

    /// <summary>Pods of the own cluster.</summary>
    Pods,

    /// <summary>Addresses that another cluster tells of.</summary>
    Remote,

    /// <summary>Ranges of pods, for those that are not known.</summary>
    Ranges,

    /// <summary>CIDRs that policies name.</summary>
    Cidrs,
}

/// <param name="Cluster">Of <see cref="LayerKind.Remote"/>; else empty.</param>
internal readonly record struct LayerName(LayerKind Kind, string Cluster = "") : IComparable<LayerName>
{
    public int CompareTo(LayerName other) => Kind != other.Kind ? Kind.CompareTo(other.Kind) : string.CompareOrdinal(Cluster, other.Cluster);
}
