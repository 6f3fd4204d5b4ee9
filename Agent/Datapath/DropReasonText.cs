using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Agent.Datapath;

/// <summary>Why packets are dropped, in Cilium's words (pkg/monitor/api), as its users have them on dashboards.</summary>
internal static class DropReasonText
{
    public static string Of(byte reason) => reason switch
    {
        132 => "Invalid source ip",
        133 => "Policy denied",
        134 => "Invalid packet",
        139 => "Unsupported L3 protocol",
        141 => "Error writing to packet",
        147 => "Error retrieving tunnel key",
        151 => "Stale or unroutable IP",
        155 => "CT: Map insertion failed",
        158 => "Service backend not found",
        160 => "No tunnel/encapsulation endpoint",
        // Ours: what Cilium drops as 161 (no room in its map of proxied connections) does not happen here, and this does not there.
        161 => "No proxy takes connections",
        165 => "No configuration available to perform policy decision",
        171 => "Invalid identity",
        172 => "Unknown sender",
        175 => "First logical datagram fragment not found",
        180 => "Proxy redirection not supported for protocol",
        181 => "Policy denied by denylist",
        192 => "Invalid cluster ID",
        _ => ((DropReason)reason).ToString(),
    };

    /// <summary>Below are reasons to pass, and other counts.</summary>
    public static bool IsDrop(byte reason) => reason >= 128;

    public static string Of(Direction direction) => direction == Direction.Ingress ? "INGRESS" : "EGRESS";
}
