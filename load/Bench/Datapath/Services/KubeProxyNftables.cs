using System.Text;

namespace ClusterMesh.DatapathBench.Services;

/// <summary>
/// What kube-proxy's nftables mode writes: one lookup in a verdict map of all services, then the chain of the service, which draws one of
/// its endpoints' chains; filters for services without endpoints; and marks for what must be masqueraded.
/// </summary>
internal static class KubeProxyNftables
{
    private const string Frame = """
        table ip kube-proxy {
          set cluster-ips { type ipv4_addr; }
          set nodeport-ips { type ipv4_addr; }
          map no-endpoint-services { type ipv4_addr . inet_proto . inet_service : verdict; }
          map no-endpoint-nodeports { type inet_proto . inet_service : verdict; }
          map firewall-ips { type ipv4_addr . inet_proto . inet_service : verdict; }
          map service-ips { type ipv4_addr . inet_proto . inet_service : verdict; }
          map service-nodeports { type inet_proto . inet_service : verdict; }
          chain mark-for-masquerade { mark set mark or 0x4000; }
          chain cluster-ips-check {
            ip daddr @cluster-ips reject
            ip daddr 10.96.0.0/16 drop
          }
          chain nodeport-endpoints-check { ip daddr @nodeport-ips meta l4proto . th dport vmap @no-endpoint-nodeports; }
          chain service-endpoints-check { ip daddr . meta l4proto . th dport vmap @no-endpoint-services; }
          chain firewall-check { ip daddr . meta l4proto . th dport vmap @firewall-ips; }
          chain services {
            ip daddr . meta l4proto . th dport vmap @service-ips
            ip daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports
          }
          chain masquerading {
            mark and 0x4000 == 0 return
            mark set mark xor 0x4000
            masquerade fully-random
          }
          chain filter-prerouting { type filter hook prerouting priority -110; ct state new jump firewall-check; }
          chain filter-input {
            type filter hook input priority -110
            ct state new jump nodeport-endpoints-check
            ct state new jump service-endpoints-check
          }
          chain filter-forward {
            type filter hook forward priority -110
            ct state new jump service-endpoints-check
            ct state new jump cluster-ips-check
          }
          chain filter-output {
            type filter hook output priority -110
            ct state new jump service-endpoints-check
            ct state new jump firewall-check
          }
          chain filter-output-post-dnat { type filter hook output priority -90; ct state new jump cluster-ips-check; }
          chain nat-prerouting { type nat hook prerouting priority dstnat; jump services; }
          chain nat-output { type nat hook output priority -100; jump services; }
          chain nat-postrouting { type nat hook postrouting priority srcnat; jump masquerading; }
        }

        """;

    /// <remarks>
    /// Only the last service draws one of its endpoints: the anonymous map of each draw is looked for among all others, and 10,000 of them
    /// take nft over a minute. The rest go straight to their first endpoint, and no packet comes by there.
    /// </remarks>
    public static string Of(IReadOnlyList<Service> services)
    {
        var rules = new StringBuilder(Frame);
        for (var i = 0; i < services.Count; i++) AppendChains(rules, services[i], i, draw: i == services.Count - 1);
        for (var i = 0; i < services.Count; i++)
        {
            var ip = services[i].ClusterIp;
            rules.Append($"add element ip kube-proxy cluster-ips {{ {ip.Address} }}\n");
            rules.Append($"add element ip kube-proxy service-ips {{ {ip.Address} . tcp . {ip.Port} : goto {ServiceChain(services[i], i)} }}\n");
        }

        return rules.ToString();
    }

    /// <summary>The transaction for another choice of endpoints: their chains stay, the service's is written anew.</summary>
    public static string Change(Service service, int number) =>
        $"flush chain ip kube-proxy {ServiceChain(service, number)}\n{ServiceRules(service, number, draw: true)}";

    private static void AppendChains(StringBuilder rules, Service service, int number, bool draw)
    {
        for (var i = 0; i < service.Backends.Count; i++)
        {
            var (chain, backend) = (EndpointChain(service, number, i), service.Backends[i]);
            rules.Append($"add chain ip kube-proxy {chain}\n");
            rules.Append($"add rule ip kube-proxy {chain} ip saddr {backend.Address} jump mark-for-masquerade\n");
            rules.Append($"add rule ip kube-proxy {chain} meta l4proto tcp dnat to {backend}\n");
        }

        rules.Append($"add chain ip kube-proxy {ServiceChain(service, number)}\n").Append(ServiceRules(service, number, draw));
    }

    private static string ServiceRules(Service service, int number, bool draw)
    {
        var (chain, ip) = (ServiceChain(service, number), service.ClusterIp);
        var endpoints = service.Backends.Select((_, i) => $"{i} : goto {EndpointChain(service, number, i)}");
        return $"add rule ip kube-proxy {chain} ip daddr {ip.Address} tcp dport {ip.Port} ip saddr != 10.0.0.0/8 jump mark-for-masquerade\n"
            + $"add rule ip kube-proxy {chain} {(draw ? $"numgen random mod {service.Backends.Count} vmap {{ {string.Join(", ", endpoints)} }}" : $"goto {EndpointChain(service, number, 0)}")}\n";
    }

    // The eight characters before the name are a hash of it in kube-proxy.
    private static string ServiceChain(Service service, int number) => $"service-{number:X8}-{service.Name}/tcp/http";

    private static string EndpointChain(Service service, int number, int endpoint) =>
        $"endpoint-{number:X8}-{service.Name}/tcp/http__{service.Backends[endpoint].Address}/{service.Backends[endpoint].Port}";
}
