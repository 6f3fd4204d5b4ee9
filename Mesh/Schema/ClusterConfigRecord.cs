using System.Text.Json.Serialization;

namespace ClusterMesh.Mesh.Schema;

/// <summary>cilium/cluster-config/NAME (cilium.md 2).</summary>
public sealed record ClusterConfigRecord
{
    [JsonPropertyName("id")]
    public long Id { get; init; }

    [JsonPropertyName("capabilities")]
    // Left out, it arrives here as null: source-generated JSON sets init-only properties always.
    public ClusterCapabilities Capabilities { get; init => field = value ?? new(); } = new();
}

public sealed record ClusterCapabilities
{
    [JsonPropertyName("syncedCanaries")]
    public bool SyncedCanaries { get; init; }

    /// <summary>The mirror of another cluster's state (KVStoreMesh), not the cluster itself.</summary>
    [JsonPropertyName("cached")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Cached { get; init; }

    /// <summary>255 or 511; 0 = not said, which means 255.</summary>
    [JsonPropertyName("maxConnectedClusters")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int MaxConnectedClusters { get; init; }

    /// <summary>Null = not supported.</summary>
    [JsonPropertyName("serviceExportsEnabled")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? ServiceExportsEnabled { get; init; }

    [JsonPropertyName("endpointSlicesExportMode")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EndpointSlicesExportMode { get; init; }
}
