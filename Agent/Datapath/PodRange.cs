using System.Net;
using System.Net.Sockets;
using ClusterMesh.Agent.Network;
using ClusterMesh.Agent.Options;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Agent.Datapath;

/// <summary>What this node's pods have their addresses from.</summary>
internal static class PodRange
{
    /// <summary>What was set, else what the Node object says.</summary>
    /// <exception cref="NetworkException">Neither says it.</exception>
    public static IPNetwork Of(AgentOptions agent, DatapathOptions options, ClusterObjects local)
    {
        if (options.PodCidr is { } asked) return asked;
        var texts = local.Nodes.FirstOrDefault(node => node.Key.Name == agent.Node)?.PodCidrs ?? [];
        foreach (var text in texts)
        {
            if (IPNetwork.TryParse(text, out var cidr) && cidr.BaseAddress.AddressFamily == AddressFamily.InterNetwork && cidr.PrefixLength is >= 8 and <= 29) return cidr;
        }

        throw new NetworkException($"the pod range of this node is not known: --pod-cidr is not set, and Node {agent.Node} of the manifests has no IPv4 spec.podCIDR of /8 to /29");
    }
}
