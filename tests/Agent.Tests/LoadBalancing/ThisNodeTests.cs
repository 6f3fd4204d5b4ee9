using System.Net;
using ClusterMesh.Agent.LoadBalancing;

namespace ClusterMesh.Agent.Tests.LoadBalancing;

public sealed class ThisNodeTests
{
    [Fact]
    public void Addresses_OfANode_AreAllButThoseThatEndAtALink()
    {
        var network = Datapath.Scene.Net();
        network = network with { Underlay = network.Underlay with { NodeAddresses = [.. new[] { "192.0.2.1", "169.254.3.4", "127.0.0.1", "172.18.0.1", "10.1.1.1" }.Select(IPAddress.Parse)] } };
        Assert.Equal(["172.18.0.1", "192.0.2.1", "10.1.1.1"], ThisNode.AddressesOf(network).Select(address => $"{address}"));
    }
}
