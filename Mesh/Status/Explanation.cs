namespace ClusterMesh.Mesh.Status;

/// <summary>What would be decided for a request (POST /explain); nothing is sent.</summary>
/// <param name="Headers">Name and value; a name may come more than once.</param>
/// <param name="From">NS/POD: the pod of this node that asks; null = somebody outside asks the gateway. For agents.</param>
/// <param name="Caller">What the node's agent found out about that pod and its connection. For the node's proxy.</param>
public sealed record ExplainRequest(
    string Method, string Url, IReadOnlyList<KeyValuePair<string, string>> Headers, string? From = null, ExplainCaller? Caller = null);

/// <param name="Scope">service, egress or ingress: which rule of the kernel hands the connection to the proxy.</param>
/// <param name="Asked">ADDR:PORT that the pod connects to.</param>
/// <param name="Endpoint">The pod of this node that the rule is about.</param>
/// <param name="Service">Of scope service: "ns/name:port" that is served there; else null.</param>
public sealed record ExplainCaller(string Pod, string Address, int Endpoint, uint Identity, string Scope, string Asked, string? Service = null);

/// <param name="Route">Null: no route matches, and Status is what the client gets; or the kernel forwards.</param>
/// <param name="Steps">The whole way in sentences, one decision each, in the order they are made.</param>
/// <param name="Outcome">forward, redirect or reject; from a pod also drop: nobody answers, and proxy: the node's proxy decides, which could not be asked.</param>
/// <param name="Status">The status of a redirect or a rejection.</param>
public sealed record Explanation(
    string Outcome, int? Status, string? Location, string? Route, string? Owner, string? Target, string? Split,
    string? Cluster, string? Reason, IReadOnlyList<TargetStatus> Targets, IReadOnlyList<PoolStatus> Pools,
    IReadOnlyList<BackendStatus> Backends, IReadOnlyList<ExplainStep> Steps);

/// <param name="Stage">normalize, match, filter, split, cluster, pick, forward; from a pod also endpoint, resolve, frontend, way, egress, ingress, proxy.</param>
public sealed record ExplainStep(string Stage, string Text);
