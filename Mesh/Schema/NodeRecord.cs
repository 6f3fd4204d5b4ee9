using System.Text.Json.Serialization;

namespace ClusterMesh.Mesh.Schema;

/// <summary>cilium/state/nodes/v1/CLUSTER/NODE: Go's field names, as the Go type has no tags (cilium.md 2).</summary>
public sealed record NodeRecord
{
    public string Name { get; init; } = "";

    public string Cluster { get; init; } = "";

    public IReadOnlyList<NodeAddressRecord>? IPAddresses { get; init; }

    public CidrRecord? IPv4AllocCIDR { get; init; }

    public IReadOnlyList<CidrRecord>? IPv4SecondaryAllocCIDRs { get; init; }

    public CidrRecord? IPv6AllocCIDR { get; init; }

    public IReadOnlyList<CidrRecord>? IPv6SecondaryAllocCIDRs { get; init; }

    public string? IPv4HealthIP { get; init; } = "";

    public string? IPv6HealthIP { get; init; } = "";

    public string? IPv4IngressIP { get; init; } = "";

    public string? IPv6IngressIP { get; init; } = "";

    public long ClusterID { get; init; }

    public string? Source { get; init; } = "";

    public int EncryptionKey { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string>? Annotations { get; init; } = new Dictionary<string, string>();

    public string? WireguardPubKey { get; init; } = "";

    public string? BootID { get; init; } = "";
}

/// <param name="Type">Hostname, InternalIP, ExternalIP, InternalDNS, ExternalDNS or CiliumInternalIP.</param>
public sealed record NodeAddressRecord(string Type, string IP);

/// <summary>An IPv4 or IPv6 prefix. Written as Go's net.IPNet, {"IP":"10.1.0.0","Mask":"////AA=="}; read in that form and as "10.1.0.0/24".</summary>
[JsonConverter(typeof(CidrConverter))]
public sealed record CidrRecord(System.Net.IPAddress Address, int Length)
{
    public override string ToString() => $"{Address}/{Length}";
}
