namespace ClusterMesh.Bpf.Connections;

/// <summary>What a connection's entry in the kernel is for, and how far it is.</summary>
public enum ConnectionState
{
    /// <summary>TCP that nobody has answered yet.</summary>
    Opening,

    Established,

    /// <summary>Both ends have said FIN, or one RST.</summary>
    Closing,

    /// <summary>UDP, ICMP and the like: remembered while something comes.</summary>
    Other,

    /// <summary>Which backend the client of a frontend was given; beside the connection's own entry.</summary>
    Service,
}
