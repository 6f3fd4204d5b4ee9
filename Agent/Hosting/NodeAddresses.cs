using System.Collections.Immutable;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Agent.Network;
using ClusterMesh.Agent.Options;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Agent.Hosting;

/// <summary>Where this node is reached: what was set, else what its Node object says, else what the machine has.</summary>
internal static class NodeAddresses
{
    public static ImmutableArray<string> Of(AgentOptions options, ClusterObjects local)
    {
        if (!options.NodeIps.IsEmpty) return [.. options.NodeIps.Select(address => address.ToString())];
        var node = local.Nodes.FirstOrDefault(node => node.Key.Name == options.Node);
        ImmutableArray<string> written = [.. node?.Addresses.Where(address => address.Type == "InternalIP").Select(address => address.Address) ?? []];
        return written.IsEmpty ? OfMachine() : written;
    }

    private static ImmutableArray<string> OfMachine()
    {
        var address = NetworkInterface.GetAllNetworkInterfaces()
            .Where(link => link is { OperationalStatus: OperationalStatus.Up, NetworkInterfaceType: not NetworkInterfaceType.Loopback })
            // Those that an agent before this one made.
            .Where(link => link.Name != Overlay.Device && !link.Name.StartsWith(EndpointNames.Prefix, StringComparison.Ordinal))
            .SelectMany(link => link.GetIPProperties().UnicastAddresses)
            .FirstOrDefault(address => address.Address.AddressFamily == AddressFamily.InterNetwork);
        return [address?.Address.ToString() ?? "127.0.0.1"];
    }
}
