using System.Collections.Immutable;
using System.Globalization;
using ClusterMesh.Cli.Lab.Lifetime;
using ClusterMesh.Cli.Lab.Topology;

namespace ClusterMesh.Cli.Lab.Network;

/// <summary>
/// The segment that all nodes share, 172.31.0.0/16: in a namespace of its own a bridge for each cluster, joined by a veth to the bridge
/// `wan`, with a port for each node and for the cluster's etcd. Outside, on the wan, lives a host that is in no cluster; it is the nodes'
/// default gateway, and has addresses of the wide world.
/// </summary>
internal sealed class Underlay(LabPaths paths, LabTopology topology)
{
    public const string OutsideAddress = "172.31.0.1", OutsideName = "outside";

    private const string Wan = "wan";

    /// <summary>Of TEST-NET-3: what is behind the gateway.</summary>
    public static readonly ImmutableArray<string> World = ["203.0.113.10", "203.0.113.20"];

    public NetworkNamespace Switch { get; } = paths.Netns("underlay");

    public NetworkNamespace Outside { get; } = paths.Netns(OutsideName);

    /// <summary>The links that can be harmed: each cluster's to the wan and each node's port.</summary>
    private readonly ImmutableDictionary<string, LabLink> _links = topology.Clusters
        .SelectMany(cluster => cluster.NodePlans
            .Select((node, at) => KeyValuePair.Create(node.Name, new LabLink(Port(cluster, at), Bridge(cluster))))
            .Append(KeyValuePair.Create(cluster.Name, new LabLink(Text($"wan{cluster.Id}"), Wan))))
        .Append(KeyValuePair.Create(OutsideName, new LabLink(OutsideName, Wan))).ToImmutableDictionary();

    public async Task CreateAsync()
    {
        var hosts = Hosts().ToList();
        await Tool.IpAsync(null, hosts.Select(host => host.Netns).Append(Switch).Select(netns => $"netns add {netns.Name}"));
        await Tool.IpAsync(Switch, SwitchLines());
        await Task.WhenAll(hosts.Select(host => Tool.IpAsync(host.Netns, HostLines(host.Address))));
        // As on any node of Kubernetes; how packets are then moved is the agent's.
        foreach (var node in topology.Clusters.SelectMany(cluster => cluster.NodePlans)) paths.NodeNetns(node).Set("ipv4/ip_forward", "1");
        await Tool.IpAsync(Outside, World.Select(address => $"address add {address}/32 dev lo"));
    }

    /// <exception cref="LabException">There is no such link.</exception>
    public Task SetUpAsync(string target, bool up) => Tool.IpAsync(Switch, $"link set {LinkOf(target).Port} {(up ? "up" : "down")}");

    /// <param name="target">A cluster, a node, or outside.</param>
    /// <exception cref="LabException">There is no such link.</exception>
    public LabLink LinkOf(string target) =>
        _links.TryGetValue(target, out var link) ? link : throw new LabException($"no link to '{target}'; there are {string.Join(", ", _links.Keys.Order(StringComparer.Ordinal))}");

    private IEnumerable<(NetworkNamespace Netns, string Address)> Hosts() => topology.Clusters
        .SelectMany(cluster => cluster.NodePlans.Select(node => (paths.NodeNetns(node), $"{node.Address}")).Append((paths.EtcdNetns(cluster), $"{cluster.EtcdAddress}")))
        .Append((Outside, OutsideAddress));

    private IEnumerable<string> SwitchLines() =>
    [
        "link set lo up", "link add wan type bridge", "link set wan up",
        .. topology.Clusters.SelectMany(ClusterLines),
        .. PortLines(OutsideName, Outside, Wan),
    ];

    private IEnumerable<string> ClusterLines(ClusterPlan cluster)
    {
        var (bridge, up, wan) = (Bridge(cluster), Text($"up{cluster.Id}"), Text($"wan{cluster.Id}"));
        return
        [
            $"link add {bridge} type bridge", $"link set {bridge} up",
            $"link add {up} type veth peer name {wan}", $"link set {up} master {bridge} up", $"link set {wan} master wan up",
            .. PortLines(Text($"etcd{cluster.Id}"), paths.EtcdNetns(cluster), bridge),
            .. cluster.NodePlans.SelectMany((node, at) => PortLines(Port(cluster, at), paths.NodeNetns(node), bridge)),
        ];
    }

    private static IEnumerable<string> PortLines(string port, NetworkNamespace netns, string bridge) =>
        [$"link add {port} type veth peer name eth0 netns {netns.Name}", $"link set {port} master {bridge} up"];

    private IEnumerable<string> HostLines(string address)
    {
        yield return "link set lo up";
        // Under hybrid routing only the own cluster counts as the same segment.
        var near = topology.Routing == "hybrid" && address != OutsideAddress;
        yield return $"address add {address}/{(near ? 24 : 16)} dev eth0";
        yield return "link set eth0 up";
        if (near) yield return "route add 172.31.0.0/16 dev eth0";
        if (address != OutsideAddress) yield return $"route add default via {OutsideAddress}";
    }

    private static string Port(ClusterPlan cluster, int at) => Text($"n{cluster.Id}-{at + 1}");

    private static string Bridge(ClusterPlan cluster) => Text($"br{cluster.Id}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
