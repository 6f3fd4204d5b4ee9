namespace ClusterMesh.DatapathBench.Topology;

internal static class KernelVxlan
{
    public static void Join(Node node, Node other)
    {
        node.Netns.Run(
            $"link add vx0 address {Mac(node)} mtu {Node.PodMtu} type vxlan id 42 local {node.Underlay} dev {Node.UnderlayInterface} dstport 8472 nolearning",
            "link set vx0 up",
            $"neigh add {other.Inner} lladdr {Mac(other)} dev vx0 nud permanent",
            $"route add {other.PodRange} via {other.Inner} dev vx0 src {node.Inner} onlink");
        node.Netns.Pipe($"fdb add {Mac(other)} dev vx0 dst {other.Underlay} self permanent", "bridge", "-batch", "-");
    }

    private static string Mac(Node node) => $"02:00:00:03:00:{node.Number:x2}";
}
