using System.Collections.Immutable;
using System.Net;

namespace ClusterMesh.Agent.Options;

/// <summary>How packets go from node to node.</summary>
internal enum RoutingMode
{
    /// <summary>VXLAN to every other node.</summary>
    Tunnel,

    /// <summary>By the kernel's routes: ours on the same segment, the network's beyond it.</summary>
    Direct,

    /// <summary>Direct on the same segment, else VXLAN.</summary>
    Hybrid,
}

/// <summary>What the data path is told, checked.</summary>
/// <param name="PinDirectory">This node's own, in a BPF file system.</param>
/// <param name="StateDirectory">For endpoints.json.</param>
internal sealed record DatapathOptions(string PinDirectory, string StateDirectory)
{
    /// <summary>Null = found by the node's address or the default route.</summary>
    public string? Device { get; init; }

    public RoutingMode Routing { get; init; }

    /// <summary>Null = the Node object's.</summary>
    public IPNetwork? PodCidr { get; init; }

    public ImmutableArray<IPNetwork> ServiceCidrs { get; init; } = [];

    public bool Masquerade { get; init; } = true;

    /// <summary>0 = other nodes are not probed.</summary>
    public int ProbePort { get; init; } = 4240;

    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromMilliseconds(500);
}
