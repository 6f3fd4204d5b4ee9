using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Agent.Flows;

/// <summary>Cilium's words for its drop reasons, by number (cilium.md 3.4).</summary>
internal static class DropReasonWords
{
    public static string Of(byte reason) => (DropReason)reason switch
    {
        DropReason.InvalidSource => "Invalid source ip",
        DropReason.Policy => "Policy denied",
        DropReason.InvalidPacket => "Invalid packet",
        DropReason.UnsupportedL3 => "Unsupported L3 protocol",
        DropReason.WriteError => "Error writing to packet",
        DropReason.NoTunnelKey => "Error retrieving tunnel key",
        DropReason.Unroutable => "Stale or unroutable IP",
        DropReason.ConnectionInsert => "CT: Map insertion failed",
        (DropReason)158 => "Service backend not found",
        DropReason.NoTunnelEndpoint => "No tunnel/encapsulation endpoint (datapath BUG!)",
        DropReason.NoPolicyMap => "No configuration available to perform policy decision",
        DropReason.InvalidIdentity => "Invalid identity",
        DropReason.UnknownSender => "Unknown sender",
        DropReason.FragmentNotFound => "First logical datagram fragment not found",
        DropReason.ProxyUnsupported => "Proxy redirection not supported for protocol",
        DropReason.PolicyDeny => "Policy denied by denylist",
        DropReason.InvalidCluster => "Invalid ClusterID",
        _ => $"Reason {reason}",
    };
}
