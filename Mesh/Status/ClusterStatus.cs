namespace ClusterMesh.Mesh.Status;

/// <summary>One cluster as its neighbours see it.</summary>
/// <param name="State">synced or failed where its manifests are read; else configured, connecting, config-retrieved, syncing, ready, degraded or disconnected.</param>
/// <param name="Confirmed">False: the connection to it is lost, what is known of it may be out of date; its backends stay in use.</param>
/// <param name="Endpoints">Pod addresses that it tells of.</param>
/// <param name="Backends">Different addresses that the own cluster's services may use of it; 0 where no gateway is asked.</param>
/// <param name="CaughtUpAt">When it was last certain that all it wrote had arrived.</param>
/// <param name="Ignored">Keys and values of it that were not believed.</param>
public sealed record ClusterStatus(
    string Name, bool Local, string Source, string State, DateTimeOffset Since, string? Reason, bool Confirmed, int ClusterId, int Files, int Nodes,
    int Services, int Endpoints, int Identities, int Backends, int Healthy, int Reconnections, int Failures, DateTimeOffset? CaughtUpAt, string? LastError,
    long Ignored, IReadOnlyDictionary<string, int> UnknownKinds);
