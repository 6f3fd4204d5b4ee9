namespace ClusterMesh.Mesh.Status;

/// <summary>
/// GET /flows: one line of JSON for each flow, oldest first; words of Hubble's Flow (cilium.md 5). Query: last=N, follow=true, since=RFC 3339,
/// verdict=, pod=NS/POD, from-pod=, to-pod=, cluster=, from-cluster=, to-cluster=, ip=, port=, protocol=, type=, http-method=, http-path= (a
/// regular expression), http-status= (404, or 5+ for all of 5xx), trace-id=; of several values of one filter one must fit, and all filters must.
/// </summary>
/// <param name="Type">new-connection, end, drop, policy-verdict, l7, lost-events.</param>
/// <param name="Verdict">FORWARDED or DROPPED.</param>
/// <param name="Reason">Of a drop, Cilium's words: "Policy denied"; else null.</param>
/// <param name="ReasonCode">Cilium's number.</param>
/// <param name="Direction">ingress or egress, as the pod sees it; of an l7 flow, the pod of the node that tells it.</param>
/// <param name="Service">The frontend asked for and its service, where a backend was chosen.</param>
/// <param name="Count">How many like it this one stands for: repeated drops are told once a second.</param>
/// <param name="Bytes">Of the connection, both ways, at its end; 0 where not known.</param>
public sealed record FlowStatus(
    DateTimeOffset Time, string Node, string Type, string Verdict, string? Reason, int ReasonCode, string Direction, string Protocol,
    FlowPeer Source, FlowPeer Destination, FlowService? Service, string? TcpFlags, long Count, long Packets, long Bytes, string Summary)
{
    /// <summary>Of type l7 alone: the request.</summary>
    public FlowL7? L7 { get; init; }
}

/// <summary>A request that a node's proxy served. Text of clients is as they sent it, cut at 512 characters.</summary>
/// <param name="Protocol">HTTP/1.1</param>
/// <param name="Path">Without query; empty when the request was refused before it had one.</param>
/// <param name="LatencyNs">Until its response was whole.</param>
/// <param name="Asked">ADDR:PORT that the caller connected to; Destination is the backend.</param>
/// <param name="Target">The service that was chosen, "ns/name:port"; null where none was.</param>
/// <param name="Split">Why this service (SplitReason).</param>
/// <param name="Reason">Why this cluster (PoolReason); null where no backend was picked.</param>
/// <param name="End">How it ended (EndReason).</param>
/// <param name="PolicyRule">Which rule let it pass or refused it; null where none was asked.</param>
public sealed record FlowL7(
    string Protocol, string Method, string Host, string Path, int Status, long LatencyNs, string Asked, string? Target, string? Split, string? Reason,
    string End, string? PolicyRule, string? TraceId, int Attempts);

/// <param name="Port">0 where the protocol has none; for ICMP see Summary.</param>
/// <param name="Workload">Pod's name; null where it is not one that is known.</param>
public sealed record FlowPeer(string Ip, int Port, uint Identity, string? Cluster, string? Namespace, string? Pod, IReadOnlyList<string> Labels);

public sealed record FlowService(string Namespace, string Name, string Frontend);
