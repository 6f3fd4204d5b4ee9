namespace ClusterMesh.Mesh.Policy.Rules;

/// <summary>Ports of a rule: a range, a name, or, for ICMP, a type in the port's place (as in Cilium's policy map).</summary>
/// <param name="Name">Of a container's port, in lower case; the range then means nothing.</param>
public readonly record struct PolicyPort(IpProtocol Protocol, ushort First, ushort Last, string? Name = null)
{
    /// <summary>Every protocol, every port.</summary>
    public static PolicyPort All { get; } = Whole(IpProtocol.Any);

    public static PolicyPort Whole(IpProtocol protocol) => new(protocol, 0, ushort.MaxValue);

    public static PolicyPort Named(string name, IpProtocol protocol) => new(protocol, 0, 0, name);

    public bool IsWhole => Name is null && First == 0 && Last == ushort.MaxValue;
}
