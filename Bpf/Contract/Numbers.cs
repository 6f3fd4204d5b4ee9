// Mirrors Programs/contract.h, name by name.
namespace ClusterMesh.Bpf.Contract;

/// <summary>In the path of the pinned maps: another layout gets maps of its own.</summary>
public enum Layout { Version = 1 }

public enum Limits
{
    MaxEndpoints = 4096,
    MaxIpcache = 512_000,
    MaxNodes = 16_384,
    MaxConnections = 131_072,
    MaxFragments = 8192,
    MaxPolicyEntries = 16_384,
    MaxFrontends = 65_536,
    MaxBackends = 262_144,
    MaxSlots = 1 << 22,
    MaxAffinities = 65_536,
    EventRingBytes = 1 << 20,
    MaxMetrics = 512,
}

/// <summary>Which remote pods are reached by VXLAN; the others by the node's own routes.</summary>
public enum Tunnelled : byte
{
    None = 0,
    All = 1,

    /// <summary>Those whose <see cref="Peer"/> has a tunnel.</summary>
    Some = 2,
}

/// <summary>As seen by the pod.</summary>
public enum Direction : byte { Ingress = 0, Egress = 1 }

/// <summary>
/// What a connection is kept for. Ingress: the pod that was asked. Egress: the pod that opened it, or the node where it opened it for itself
/// or for somebody outside. Service: the frontend that was asked for, and which backend it was given.
/// </summary>
public enum Scope : byte { Ingress = 0, Egress = 1, Service = 2 }

/// <summary>A packet's mark, for the node's stack: identity &lt;&lt; 8 | one of these (docs/decisions/services.md).</summary>
public enum Mark
{
    Mask = 0xff,

    /// <summary>A pod's connection that the node's proxy takes.</summary>
    ToProxy = 0x02,

    /// <summary>The proxy's own: identity 0 = to whom it answers, else to a backend on behalf of that identity.</summary>
    FromProxy = 0x0b,

    /// <summary>From outside, to a backend: nftables masquerades it unless the backend is a pod of this node.</summary>
    Outside = 0x0e,

    /// <summary>The host's own, to a backend that only the stack knows the way to.</summary>
    Host = 0x0c,
}
