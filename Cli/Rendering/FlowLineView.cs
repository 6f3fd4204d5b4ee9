using System.Globalization;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Rendering;

/// <summary>A flow on a line, as hubble observe writes it; a cluster that is not the node's own stands before the pod.</summary>
internal static class FlowLineView
{
    private const string Reserved = "reserved:";

    public static string Text(FlowStatus flow)
    {
        var time = flow.Time.ToUniversalTime().ToString("MMM dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        if (flow.Type == "lost-events") return $"{time}: {flow.Summary}";
        var own = flow.Node.Split('/')[0];
        var service = flow.Service is { } asked ? $" via {(asked.Name.Length == 0 ? "" : $"{asked.Namespace}/{asked.Name} ")}{asked.Frontend}" : "";
        var verdict = flow.Reason is { } reason ? $"{reason} {flow.Verdict}" : flow.Verdict;
        var end = flow.Type == "end" ? $" closed after {flow.Packets} packets, {flow.Bytes} bytes" : "";
        var count = flow.Count > 1 ? $" x{Words.Number(flow.Count)}" : "";
        var request = flow.L7 is { } l7 ? Request(flow, l7) : "";
        return $"{time}: {Peer(flow.Source, own)} -> {Peer(flow.Destination, own)}{service} {flow.Direction} {verdict} ({flow.Summary}){request}{end}{count}";
    }

    /// <summary>" west => east weight, failover; 2 attempts; ended connect_failed; by POLICY; trace ID"</summary>
    private static string Request(FlowStatus flow, FlowL7 l7)
    {
        var clusters = $"{flow.Source.Cluster ?? "outside"} => {flow.Destination.Cluster ?? "outside"}";
        string?[] parts =
        [
            string.Join(", ", new[] { l7.Split, l7.Reason }.OfType<string>()) is { Length: > 0 } why ? $"{clusters} {why}" : clusters,
            l7.Attempts > 1 ? $"{Words.Number(l7.Attempts)} attempts" : null,
            l7.End == "ok" ? null : $"ended {l7.End}",
            l7.PolicyRule is { } rule ? $"by {rule}" : null,
            l7.TraceId is { } trace ? $"trace {trace}" : null,
        ];
        return " " + string.Join("; ", parts.OfType<string>());
    }

    private static string Peer(FlowPeer peer, string own)
    {
        var cluster = peer.Cluster is { } name && name != own ? $"{name}/" : "";
        var who = peer.Pod is { } pod ? $"{cluster}{peer.Namespace}/{pod}" : cluster + (peer.Ip.Contains(':') ? $"[{peer.Ip}]" : peer.Ip);
        var port = peer.Port == 0 ? "" : $":{Words.Number(peer.Port)}";
        var reserved = peer.Labels.FirstOrDefault(label => label.StartsWith(Reserved, StringComparison.Ordinal));
        return $"{who}{port} ({(reserved is null ? $"ID:{Words.Number(peer.Identity)}" : reserved[Reserved.Length..])})";
    }
}
