using System.Net;
using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.DatapathBench.Topology;

/// <summary>A namespace with one address and the node as its gateway, without ARP.</summary>
internal sealed record Pod(IPAddress Ip, ushort Id, uint Identity, Netns Netns) : IDisposable
{
    public string NodeInterface => $"lxc{Id}";

    public Mac Mac => new([2, 0, 0, 1, 0, (byte)Id]);

    /// <summary>Of the node's end of the veth.</summary>
    public Mac GatewayMac => new([2, 0, 0, 2, 0, (byte)Id]);

    public void Dispose() => Netns.Dispose();
}
