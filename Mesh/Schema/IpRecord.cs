using System.Text.Json.Serialization;

namespace ClusterMesh.Mesh.Schema;

/// <summary>cilium/state/ip/v1/default/IP: which identity an address has and which node hosts it; Go's field names (cilium.md 2).</summary>
public sealed record IpRecord
{
    public string IP { get; init; } = "";

    /// <summary>Base64 of the mask where the key is a prefix; null = a single address.</summary>
    public string? Mask { get; init; }

    public string? HostIP { get; init; }

    public long ID { get; init; }

    public int Key { get; init; }

    public string? Metadata { get; init; } = "";

    public string? K8sNamespace { get; init; }

    public string? K8sPodName { get; init; }

    public string? K8sServiceAccount { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<NamedPortRecord>? NamedPorts { get; init; }
}

public sealed record NamedPortRecord(string Name, int Port, string Protocol);
