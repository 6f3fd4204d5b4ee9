using System.Net;
using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Bpf;

/// <summary>
/// What the programs count on from the node's own stack: the agent sets it up beside attaching them (docs/decisions/services.md).
/// </summary>
public static class HostNetwork
{
    /// <summary>The one table of ours in nftables.</summary>
    public const string Table = "clustermesh";

    /// <summary>Of routes: where what is marked for the proxy is looked up.</summary>
    public const int ProxyTable = 2004;

    /// <summary>Of the rule that says so.</summary>
    public const int ProxyRulePriority = 9;

    /// <summary>
    /// Paths below /proc/sys and their values. Loose, as answers come another way than they are routed; the VXLAN interface takes back what the
    /// node sends itself by way of a service. No early demultiplexing of TCP: the stack drops what it is to forward to a pod if the node's proxy
    /// has the socket (ip_forward), before the pod's interface gives it to the proxy.
    /// </summary>
    public static IReadOnlyList<(string Path, string Value)> Sysctls(string overlay) =>
    [
        ("net/ipv4/ip_forward", "1"),
        ("net/ipv4/tcp_early_demux", "0"),
        ("net/ipv4/conf/all/rp_filter", "0"),
        ("net/ipv4/conf/default/rp_filter", "0"),
        ($"net/ipv4/conf/{overlay}/rp_filter", "0"),
        ($"net/ipv4/conf/{overlay}/accept_local", "1"),
    ];

    /// <summary>A line of ip's language: by this table everything is the node's own. It holds nothing else.</summary>
    public static string ProxyRoute => $"route replace local default dev lo table {ProxyTable}";

    /// <summary>In ip's words, without a verb: what is marked is looked up there, before any other table but the node's addresses.</summary>
    public static string ProxyRule => $"priority {ProxyRulePriority} fwmark {(int)Mark.ToProxy}/{(int)Mark.Mask} lookup {ProxyTable}";

    /// <summary>
    /// For nft -f -: replaces the table. Masquerades pods that leave the pods' network, and clients from outside on their way to a backend that
    /// is not a pod of this node. The ports are none that a NodePort could have. And drops what is marked for the proxy and would be forwarded all
    /// the same, as the rule is not there that gives it to the node itself. By interfaces that have programs they do, and count it.
    /// </summary>
    /// <param name="ownPods">This node's range of pod addresses.</param>
    /// <param name="mesh">The pods and nodes of all clusters: between them nothing is translated.</param>
    /// <param name="podInterfaces">How the node's ends of the pods' interfaces begin.</param>
    /// <param name="overlay">The VXLAN interface.</param>
    /// <param name="leaving">Whether pods that leave the pods' network are masqueraded; clients from outside are in any case, or no answer would come back.</param>
    /// <param name="device">The interface with the programs of what is outside of the pods' network; null: none has.</param>
    public static string Ruleset(IPNetwork ownPods, IEnumerable<IPNetwork> mesh, string podInterfaces, string overlay, bool leaving = true, string? device = null) => $$"""
        table ip {{Table}}
        delete table ip {{Table}}
        table ip {{Table}} {
          set mesh {
            type ipv4_addr
            flags interval
            auto-merge
            elements = { {{string.Join(", ", mesh.Append(ownPods).Select(network => network.ToString()).Distinct().Order(StringComparer.Ordinal))}} }
          }
          chain postrouting {
            type nat hook postrouting priority srcnat; policy accept;
            meta mark & {{(int)Mark.Mask}} == {{(int)Mark.Host}} accept
            oifname "{{podInterfaces}}*" accept
            meta mark & {{(int)Mark.Mask}} == {{(int)Mark.Outside}} goto outward
            oifname "{{overlay}}" accept
            {{(leaving ? "" : "# off: ")}}ip saddr {{ownPods}} ip daddr != @mesh goto outward
          }
          chain forward {
            type filter hook forward priority filter; policy accept;
            meta mark & {{(int)Mark.Mask}} != {{(int)Mark.ToProxy}} accept
            oifname "{{podInterfaces}}*" accept
            oifname { "{{overlay}}", "{{device ?? overlay}}" } accept
            counter drop
          }
          chain outward {
            meta l4proto { tcp, udp } masquerade to :32768-65535
            masquerade
          }
        }

        """;
}
