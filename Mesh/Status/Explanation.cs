namespace ClusterMesh.Mesh.Status;

/// <summary>What would be decided for a request (POST /explain); nothing is sent.</summary>
/// <param name="Headers">Name and value; a name may come more than once.</param>
public sealed record ExplainRequest(string Method, string Url, IReadOnlyList<KeyValuePair<string, string>> Headers);

/// <param name="Route">Null: no route matches; Status is then what the client gets.</param>
/// <param name="Steps">The whole way in sentences, one decision each, in the order they are made.</param>
/// <param name="Outcome">forward, redirect or reject.</param>
/// <param name="Status">The status of a redirect or a rejection.</param>
public sealed record Explanation(
    string Outcome, int? Status, string? Location, string? Route, string? Owner, string? Target, string? Split,
    string? Cluster, string? Reason, IReadOnlyList<TargetStatus> Targets, IReadOnlyList<PoolStatus> Pools,
    IReadOnlyList<BackendStatus> Backends, IReadOnlyList<ExplainStep> Steps);

/// <param name="Stage">normalize, match, filter, split, cluster, pick, forward.</param>
public sealed record ExplainStep(string Stage, string Text);
