namespace ClusterMesh.Mesh.Status;

/// <summary>
/// GET /flows: one line of JSON for each flow, oldest first; words of Hubble's Flow (cilium.md 5). Query: last=N, follow=true, since=RFC 3339,
/// verdict=, pod=NS/POD, from-pod=, to-pod=, cluster=, from-cluster=, to-cluster=, ip=, port=, protocol=, type=; of several values of one
/// filter one must fit, and all filters must.
/// </summary>
/// <param name="Type">new-connection, end, drop, policy-verdict, lost-events.</param>
/// <param name="Verdict">FORWARDED or DROPPED.</param>
/// <param name="Reason">Of a drop, Cilium's words: "Policy denied"; else null.</param>
/// <param name="ReasonCode">Cilium's number.</param>
/// <param name="Direction">ingress or egress, as the pod sees it.</param>
/// <param name="Service">The frontend asked for and its service, where a backend was chosen.</param>
/// <param name="Count">How many like it this one stands for: repeated drops are told once a second.</param>
/// <param name="Bytes">Of the connection, both ways, at its end; 0 where not known.</param>
public sealed record FlowStatus(
    DateTimeOffset Time, string Node, string Type, string Verdict, string? Reason, int ReasonCode, string Direction, string Protocol,
    FlowPeer Source, FlowPeer Destination, FlowService? Service, string? TcpFlags, long Count, long Packets, long Bytes, string Summary);

/// <param name="Port">0 where the protocol has none; for ICMP see Summary.</param>
/// <param name="Workload">Pod's name; null where it is not one that is known.</param>
public sealed record FlowPeer(string Ip, int Port, uint Identity, string? Cluster, string? Namespace, string? Pod, IReadOnlyList<string> Labels);

public sealed record FlowService(string Namespace, string Name, string Frontend);
