namespace ClusterMesh.Mesh.Policy.Rules;

/// <summary>IANA's numbers of the protocols that a policy can name (cilium.md 4); 0 stands for every one.</summary>
public enum IpProtocol : byte
{
    Any = 0,
    Icmp = 1,
    Igmp = 2,
    IpIp = 4,
    Tcp = 6,
    Udp = 17,
    Ipv6 = 41,
    Gre = 47,
    Esp = 50,
    Ah = 51,
    IcmpV6 = 58,
    Vrrp = 112,
    Sctp = 132,
}

public static class IpProtocols
{
    /// <summary>Those that have ports: what "ANY" means beside a port number.</summary>
    public static ReadOnlySpan<IpProtocol> WithPorts => [IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.Sctp];

    public static bool HasPorts(this IpProtocol protocol) => WithPorts.Contains(protocol);

    /// <summary>As Kubernetes writes it: TCP, ICMPV6.</summary>
    public static string Text(this IpProtocol protocol) => protocol.ToString().ToUpperInvariant();

    public static IpProtocol Parse(string text) => Enum.Parse<IpProtocol>(text, ignoreCase: true);
}
