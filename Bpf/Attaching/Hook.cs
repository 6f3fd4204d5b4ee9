using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Bpf.Attaching;

/// <summary>Where a program is attached. Each is an object of its own.</summary>
public enum Hook
{
    /// <summary>Ingress of the node's end of a pod's veth: what the pod sends.</summary>
    FromContainer,

    /// <summary>Egress of the node's end of a pod's veth: what the node's stack sends to the pod.</summary>
    ToContainer,

    /// <summary>Ingress of the VXLAN interface: what other nodes send.</summary>
    FromOverlay,

    /// <summary>Egress of the VXLAN interface: what the node's stack sends to pods of other nodes, and to services.</summary>
    ToOverlay,

    /// <summary>Ingress of the node's interface to the underlay: who asks for a service from outside.</summary>
    FromNetwork,

    /// <summary>Egress of the node's interface to the underlay: what services answer.</summary>
    ToNetwork,
}

internal static class Hooks
{
    public static IReadOnlyList<Hook> All { get; } = Enum.GetValues<Hook>();

    /// <summary>Of the object; the program is mesh_ and the same.</summary>
    public static string Name(this Hook hook) => hook switch
    {
        Hook.FromContainer => "from_container",
        Hook.ToContainer => "to_container",
        Hook.FromOverlay => "from_overlay",
        Hook.ToOverlay => "to_overlay",
        Hook.FromNetwork => "from_network",
        Hook.ToNetwork => "to_network",
        _ => throw new ArgumentOutOfRangeException(nameof(hook)),
    };

    /// <summary>As the interface sees it.</summary>
    public static Direction Side(this Hook hook) => hook is Hook.ToContainer or Hook.ToOverlay or Hook.ToNetwork ? Direction.Egress : Direction.Ingress;
}
