using System.Text;

namespace ClusterMesh.DatapathBench.Services;

/// <summary>
/// What kube-proxy's iptables mode comes to where iptables writes nftables: a rule for each service in one chain, one after the other, and
/// in the service's chain a rule for each endpoint with its share of the chance.
/// </summary>
internal static class KubeProxyRules
{
    private const string Frame = """
        table ip nat {
          chain KUBE-MARK-MASQ { meta mark set mark or 0x4000; }
          chain KUBE-SERVICES { }
          chain KUBE-POSTROUTING {
            mark and 0x4000 == 0 return
            meta mark set mark xor 0x4000
            masquerade fully-random
          }
          chain PREROUTING { type nat hook prerouting priority dstnat; jump KUBE-SERVICES; }
          chain OUTPUT { type nat hook output priority -100; jump KUBE-SERVICES; }
          chain POSTROUTING { type nat hook postrouting priority srcnat; jump KUBE-POSTROUTING; }
        }
        table ip filter {
          chain KUBE-FORWARD {
            ct state invalid drop
            mark and 0x4000 == 0x4000 accept
            ct state related,established accept
          }
          chain FORWARD { type filter hook forward priority filter; jump KUBE-FORWARD; }
        }

        """;

    public static string Of(IReadOnlyList<Service> services)
    {
        var rules = new StringBuilder(Frame);
        for (var i = 0; i < services.Count; i++) AppendChains(rules, services[i], i);
        for (var i = 0; i < services.Count; i++)
            rules.Append($"add rule ip nat KUBE-SERVICES ip daddr {services[i].ClusterIp.Address} tcp dport {services[i].ClusterIp.Port} counter jump KUBE-SVC-{i:X16}\n");
        return rules.ToString();
    }

    private static void AppendChains(StringBuilder rules, Service service, int number)
    {
        var chain = $"KUBE-SVC-{number:X16}";
        rules.Append($"add chain ip nat {chain}\n");
        rules.Append($"add rule ip nat {chain} ip saddr != 10.0.0.0/8 ip daddr {service.ClusterIp.Address} tcp dport {service.ClusterIp.Port} counter jump KUBE-MARK-MASQ\n");
        for (var i = 0; i < service.Backends.Count; i++)
        {
            var (endpoint, left) = ($"KUBE-SEP-{number:X8}{i:X8}", service.Backends.Count - i);
            rules.Append($"add chain ip nat {endpoint}\n");
            rules.Append($"add rule ip nat {endpoint} ip saddr {service.Backends[i].Address} counter jump KUBE-MARK-MASQ\n");
            rules.Append($"add rule ip nat {endpoint} meta l4proto tcp counter dnat to {service.Backends[i]}\n");
            rules.Append($"add rule ip nat {chain} {(left > 1 ? $"numgen random mod {left} 0 " : "")}counter jump {endpoint}\n");
        }
    }
}
