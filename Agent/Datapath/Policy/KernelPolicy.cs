using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Rules;
using KernelEntry = System.Collections.Generic.KeyValuePair<ClusterMesh.Bpf.Contract.PolicyKey, ClusterMesh.Bpf.Contract.PolicyEntry>;
using PolicyEntry = ClusterMesh.Mesh.Policy.Entries.PolicyEntry;

namespace ClusterMesh.Agent.Datapath.Policy;

/// <summary>A compiled policy in the words of the kernel's map.</summary>
internal static class KernelPolicy
{
    /// <summary>Not a port: there is one proxy, and where it listens is its own affair.</summary>
    private const ushort ThroughProxy = 1;

    public static Dictionary<Bpf.Contract.PolicyKey, Bpf.Contract.PolicyEntry> Entries(EndpointPolicy policy) => policy.Entries.Select(Of).ToDictionary();

    public static EndpointFlags Flags(EndpointPolicy policy) =>
        (policy.Judges(PolicyDirection.Ingress) ? EndpointFlags.IngressPolicy : 0) | (policy.Judges(PolicyDirection.Egress) ? EndpointFlags.EgressPolicy : 0);

    public static KernelEntry Of(PolicyEntry entry)
    {
        var (ports, length) = (entry.Key.Ports, (uint)PolicyPrefix.Identity + entry.Key.Ports.Length);
        return new(
            new() { Length = length, Identity = entry.Key.Identity, Egress = (Direction)entry.Key.Direction, Protocol = (byte)ports.Protocol, Port = new(ports.Port) },
            new() { ProxyPort = new(entry.Http is null ? (ushort)0 : ThroughProxy), Deny = (byte)(entry.Denies ? 1 : 0), PrefixLength = ports.Length, Precedence = entry.Precedence });
    }

    /// <summary>The ports that a key of the map stands for.</summary>
    public static PortPrefix Ports(Bpf.Contract.PolicyKey key) => new((IpProtocol)key.Protocol, key.Port.Value, (byte)(key.Length - (uint)PolicyPrefix.Identity));
}
