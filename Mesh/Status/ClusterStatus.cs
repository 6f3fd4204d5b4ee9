using System.Collections.Frozen;

namespace ClusterMesh.Mesh.Status;

/// <summary>One cluster as its neighbours see it.</summary>
/// <param name="Source">Directory of its manifests, or endpoint of its etcd.</param>
/// <param name="State">synced or failed where its manifests are read; else configured, connecting, config-retrieved, syncing, ready, degraded or disconnected.</param>
/// <param name="Since">Since when it is in that state.</param>
public sealed record ClusterStatus(string Name, bool Local, string Source, string State, DateTimeOffset Since)
{
    /// <summary>Why it is not ready.</summary>
    public string? Reason { get; init; }

    /// <summary>False: the connection to it is lost, what is known of it may be out of date; its backends stay in use.</summary>
    public bool Confirmed { get; init; } = true;

    public int ClusterId { get; init; }

    public int Files { get; init; }

    public int Nodes { get; init; }

    public int Services { get; init; }

    /// <summary>Pod addresses that it tells of.</summary>
    public int Endpoints { get; init; }

    public int Identities { get; init; }

    /// <summary>Different addresses that the own cluster's services may use of it, and how many of them are healthy; the gateway's view.</summary>
    public int Backends { get; init; }

    public int Healthy { get; init; }

    public int Reconnections { get; init; }

    public int Failures { get; init; }

    public string? LastError { get; init; }

    /// <summary>When it was last certain that all it wrote had arrived, or when its manifests were read.</summary>
    public DateTimeOffset? CaughtUpAt { get; init; }

    /// <summary>Keys and values of it that were not believed.</summary>
    public long Ignored { get; init; }

    /// <summary>How many objects of kinds that nobody here reads, by kind.</summary>
    public IReadOnlyDictionary<string, int> UnknownKinds { get; init; } = FrozenDictionary<string, int>.Empty;
}
