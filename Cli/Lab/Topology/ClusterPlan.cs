using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace ClusterMesh.Cli.Lab.Topology;

/// <summary>One cluster of a lab: its nodes and what addresses they have.</summary>
/// <param name="Nodes">How many; they are named CLUSTER-node-1 and on.</param>
/// <param name="PodCidr">Each node has a /24 of it; the first one stays free.</param>
/// <param name="Manifests">Files, and directories of them.</param>
internal sealed record ClusterPlan(string Name, int Id, int Nodes, IPNetwork PodCidr, IPNetwork ServiceCidr, ImmutableArray<string> Manifests)
{
    /// <summary>Whether each node has an ingress gateway.</summary>
    public bool Gateways { get; init; }

    public const int MaxNodes = 100, NodePrefix = 24;

    public IEnumerable<NodePlan> NodePlans => Enumerable.Range(1, Nodes).Select(number => new NodePlan(Name, Text($"{Name}-node-{number}"), Address(10 + number), Subnet(number)));

    /// <summary>Its etcd has a port of its own on the cluster's bridge.</summary>
    public IPAddress EtcdAddress => Address(2);

    private IPAddress Address(int last) => IPAddress.Parse(Text($"172.31.{Id}.{last}"));

    private IPNetwork Subnet(int number)
    {
        var bytes = PodCidr.BaseAddress.GetAddressBytes();
        bytes[1] += (byte)(number >> 8);
        bytes[2] += (byte)number;
        return new(new IPAddress(bytes), NodePrefix);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One node: its address on the underlay, and the range of its pods.</summary>
internal sealed record NodePlan(string Cluster, string Name, IPAddress Address, IPNetwork PodCidr)
{
    /// <summary>Where its gateway is asked from inside of the mesh: the last of its pods' range.</summary>
    public IPAddress GatewayAddress
    {
        get
        {
            var bytes = PodCidr.BaseAddress.GetAddressBytes();
            bytes[^1] = 254;
            return new(bytes);
        }
    }
}
