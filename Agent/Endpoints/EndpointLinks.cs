using ClusterMesh.Agent.Network;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Agent.Endpoints;

/// <summary>A pod's two interfaces. Its gateway is a link-local address that nobody has: the neighbour is written, nobody asks for it.</summary>
internal static class EndpointLinks
{
    private const string Gateway = "169.254.1.1";

    /// <summary>Makes the pair, both ends down.</summary>
    /// <returns>The number of the node's end.</returns>
    public static int Make(PodEndpoint endpoint)
    {
        var names = endpoint.Names;
        // Of an attempt that ended in between.
        Interfaces.Delete(names.Interface);
        IpTool.Run(
            $"link add {names.Interface} address {names.NodeMac} mtu {endpoint.Mtu} type veth peer name {endpoint.Interface} address {names.PodMac} mtu {endpoint.Mtu} netns {endpoint.Netns}",
            // Nobody here speaks IPv6 yet; no interface should begin to.
            $"link set {names.Interface} addrgenmode none alias {Alias(endpoint.Pod)}");
        return Interfaces.IndexOf(names.Interface);
    }

    /// <summary>Lets packets through.</summary>
    public static void Open(PodEndpoint endpoint)
    {
        var (names, inside) = (endpoint.Names, endpoint.Interface);
        Sysctl.TakeFromAnywhere(names.Interface);
        IpTool.Run($"link set {names.Interface} up", $"neigh replace {endpoint.Address} lladdr {names.PodMac} dev {names.Interface} nud permanent");
        IpTool.RunIn(
            endpoint.Netns, "link set lo up", $"link set {inside} addrgenmode none", $"link set {inside} up", $"addr add {endpoint.Address}/32 dev {inside}",
            $"route add {Gateway} dev {inside} scope link", $"route add default via {Gateway} dev {inside}",
            $"neigh add {Gateway} lladdr {names.NodeMac} dev {inside} nud permanent");
    }

    /// <summary>Both ends; the pod's goes with the node's.</summary>
    public static void Delete(PodEndpoint endpoint) => Interfaces.Delete(endpoint.Names.Interface);

    private static string Alias(ObjectKey pod) => $"clustermesh:{pod}";
}
