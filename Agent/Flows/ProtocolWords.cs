namespace ClusterMesh.Agent.Flows;

/// <summary>Protocols, TCP flags and ICMP types in Hubble's words.</summary>
internal static class ProtocolWords
{
    private const byte Icmp = 1, Tcp = 6, Udp = 17, Icmp6 = 58, Sctp = 132;

    // Of the TCP header's byte, from the lowest bit; in the order in which Hubble says them.
    private static readonly (int Bit, string Name)[] s_flags = [(1, "SYN"), (4, "ACK"), (2, "RST"), (0, "FIN"), (3, "PSH"), (5, "URG"), (6, "ECE"), (7, "CWR")];

    /// <summary>Of requests, whose flows are of TCP, too.</summary>
    public const string Http = "HTTP";

    /// <summary>What a filter may ask for: ICMP stands for both.</summary>
    public static IReadOnlyList<string> Names { get; } = ["TCP", "UDP", "SCTP", "ICMP", "ICMPv4", "ICMPv6", Http];

    public static string Protocol(byte protocol) => protocol switch { Tcp => "TCP", Udp => "UDP", Icmp => "ICMPv4", Icmp6 => "ICMPv6", Sctp => "SCTP", _ => protocol == 0 ? "unknown" : $"protocol {protocol}" };

    /// <summary>"SYN, ACK"; null where there are none.</summary>
    public static string? Flags(byte protocol, byte flags) => protocol != Tcp || flags == 0
        ? null
        : string.Join(", ", s_flags.Where(flag => (flags >> flag.Bit & 1) != 0).Select(flag => flag.Name));

    public static string Summary(byte protocol, byte flags, byte icmpType) => protocol switch
    {
        Tcp when Flags(protocol, flags) is { } set => $"TCP Flags: {set}",
        Icmp => $"ICMPv4 {IcmpType(icmpType)}",
        _ => Protocol(protocol),
    };

    private static string IcmpType(byte type) => type switch
    {
        0 => "EchoReply",
        3 => "DestinationUnreachable",
        4 => "SourceQuench",
        5 => "Redirect",
        8 => "EchoRequest",
        11 => "TimeExceeded",
        12 => "ParameterProblem",
        _ => $"type {type}",
    };
}
