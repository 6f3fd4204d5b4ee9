using System.Text.Json.Serialization;

namespace ClusterMesh.Mesh.Schema;

/// <summary>cilium/state/services/v1/CLUSTER/NAMESPACE/NAME: Cilium's ClusterService (cilium.md 2).</summary>
public sealed record ServiceRecord
{
    [JsonPropertyName("cluster")]
    public string Cluster { get; init; } = "";

    [JsonPropertyName("namespace")]
    public string Namespace { get; init; } = "";

    [JsonPropertyName("name")]
    public string Name { get; init; } = "";

    /// <summary>By address, then by port name. Empty for a headless service.</summary>
    [JsonPropertyName("frontends")]
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, L4Record>> Frontends { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, L4Record>>();

    [JsonPropertyName("backends")]
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, L4Record>> Backends { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, L4Record>>();

    /// <summary>Pod hostname by backend address.</summary>
    [JsonPropertyName("hostnames")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Hostnames { get; init; }

    [JsonPropertyName("zones")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, ZoneRecord>? Zones { get; init; }

    [JsonPropertyName("labels")]
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    [JsonPropertyName("selector")]
    public IReadOnlyDictionary<string, string> Selector { get; init; } = new Dictionary<string, string>();

    [JsonPropertyName("includeExternal")]
    public bool IncludeExternal { get; init; }

    [JsonPropertyName("shared")]
    public bool Shared { get; init; }

    [JsonPropertyName("clusterID")]
    public long ClusterId { get; init; }
}

/// <summary>Go's field names, as the Go type has no tags.</summary>
public sealed record L4Record(string Protocol, int Port);

public sealed record ZoneRecord
{
    [JsonPropertyName("zone")]
    public string Zone { get; init; } = "";

    [JsonPropertyName("forZones")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ForZoneRecord>? ForZones { get; init; }
}

public sealed record ForZoneRecord([property: JsonPropertyName("name")] string Name);
