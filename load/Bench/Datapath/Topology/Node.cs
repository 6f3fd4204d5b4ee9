using System.Net;

namespace ClusterMesh.DatapathBench.Topology;

/// <summary>A namespace with an underlay and pods, and the kernel's own routes between its pods. All of it is the same on both sides of a comparison.</summary>
internal sealed class Node(int number) : IDisposable
{
    /// <summary>The underlay's 1500 less what VXLAN adds; on the paths without a tunnel, too, so that all send packets of one size.</summary>
    public const int PodMtu = 1450;

    public const string UnderlayInterface = "under0";

    public int Number => number;

    public Netns Netns { get; } = new();

    public List<Pod> Pods { get; } = [];

    public string Underlay => $"192.168.50.{number}";

    /// <summary>The node's own address among its pods.</summary>
    public string Inner => $"10.{number}.0.1";

    public string PodRange => $"10.{number}.0.0/24";

    /// <summary>Each node is a cluster of its own.</summary>
    public uint Cluster => (uint)number;

    public void Connect(Node other)
    {
        Netns.Run($"link add {UnderlayInterface} type veth peer name {UnderlayInterface} netns {other.Netns.Path}");
        foreach (var node in new[] { this, other })
        {
            node.Netns.Run($"addr add {node.Underlay}/24 dev {UnderlayInterface}", $"link set {UnderlayInterface} up", $"addr add {node.Inner}/32 dev lo");
            node.Netns.In(() =>
            {
                File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1");
                File.WriteAllText("/proc/sys/net/ipv4/conf/all/rp_filter", "0");
                File.WriteAllText("/proc/sys/net/ipv4/conf/default/rp_filter", "0");
            });
        }
    }

    public void AddPod()
    {
        var id = (ushort)(Pods.Count + 11);
        var pod = new Pod(IPAddress.Parse($"10.{number}.0.{id}"), id, Cluster << 16 | (256u + id), new());
        Pods.Add(pod);
        Netns.Run($"link add {pod.NodeInterface} address {pod.GatewayMac} type veth peer name eth0 address {pod.Mac} netns {pod.Netns.Path}", $"link set {pod.NodeInterface} up");
        pod.Netns.Run(
            $"link set eth0 mtu {PodMtu} up", $"addr add {pod.Ip}/32 dev eth0", "route add 169.254.1.1 dev eth0 scope link", "route add default via 169.254.1.1",
            $"neigh add 169.254.1.1 lladdr {pod.GatewayMac} dev eth0 nud permanent");
        Netns.Run($"route add {pod.Ip}/32 dev {pod.NodeInterface} src {Inner}", $"neigh add {pod.Ip} lladdr {pod.Mac} dev {pod.NodeInterface} nud permanent");
    }

    public void Dispose()
    {
        Pods.ForEach(pod => pod.Dispose());
        Netns.Dispose();
    }
}
