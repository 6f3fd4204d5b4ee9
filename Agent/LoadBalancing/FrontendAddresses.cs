using System.Net;
using System.Net.Sockets;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>Where a service's port is asked for on one node.</summary>
internal static class FrontendAddresses
{
    /// <summary>In the order of <see cref="FrontendType"/>; an address may come more than once.</summary>
    public static IEnumerable<(IPAddress Address, int Port, FrontendType Type)> Of(ServiceObject service, ServicePort port, ThisNode node)
    {
        if (service.Type == "ExternalName" || service.Headless) yield break;
        foreach (var address in ClusterIPs(service)) yield return (address, port.Port, FrontendType.ClusterIP);
        if (port.NodePort is { } nodePort)
        {
            foreach (var address in node.Addresses) yield return (address, nodePort, FrontendType.NodePort);
        }

        foreach (var address in Parsed(service.Exposure.LoadBalancerIPs)) yield return (address, port.Port, FrontendType.LoadBalancer);
        foreach (var address in Parsed(service.Exposure.ExternalIPs)) yield return (address, port.Port, FrontendType.ExternalIP);
    }

    /// <summary>Those that a load balancer gave, whatever the port.</summary>
    public static IEnumerable<IPAddress> OfLoadBalancers(ServiceObject service) =>
        service.Type == "ExternalName" || service.Headless || service.Ports.Count == 0 ? [] : Parsed(service.Exposure.LoadBalancerIPs);

    public static bool IsServed(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork;

    private static IEnumerable<IPAddress> ClusterIPs(ServiceObject service) => Parsed(service.Exposure.MoreClusterIPs.Prepend(service.ClusterIP ?? ""));

    private static IEnumerable<IPAddress> Parsed(IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            if (IPAddress.TryParse(text, out var address)) yield return address;
        }
    }
}
